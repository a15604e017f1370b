"""A chart as a file to take along: drawn as documents draw it, in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import get_locale
from markupsafe import escape

from analysis.presentation import labels
from analysis.presentation.charts.model import Chart
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.installation_flags import is_demo

SVG, PNG = "svg", "png"
MEDIA_TYPES = {SVG: "image/svg+xml", PNG: "image/png"}

# Drawing takes half a second, and anybody may ask for a published picture again and again.
_DRAWN: WeightedLru[bytes] = WeightedLru(8_000_000, len)


def drawing(chart: Chart, ending: str, *notes: str) -> bytes:
    """The file, under a heading of its own; an SVG has its caption as title and its figures in words as description.

    `notes`: lines below the caption, as where a target stands. The same picture is drawn once.
    """
    heading = (chart.caption, *notes, str(labels.CHART_KEY), *([str(labels.DEMO)] if is_demo() else []))
    key = (chart, ending, heading, str(get_locale()))
    return _DRAWN.get(key, lambda: _drawn(chart, ending, heading))


def _drawn(chart: Chart, ending: str, heading: Sequence[str]) -> bytes:
    from analysis.presentation.charts import drawing

    if ending == PNG:
        return drawing.png(chart, heading)
    drawn = drawing.svg(chart, heading).replace("'Tinos'", "'Tinos', 'Times New Roman', 'Liberation Serif', serif")
    head, opening, rest = drawn.partition("<svg")
    attributes, end, body = rest.partition(">")
    said = f"<title>{escape(chart.caption)}</title><desc>{escape(chart.alt)}</desc>"
    return f"{head}{opening}{attributes}{end}{said}{body}".encode()
