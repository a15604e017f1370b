"""A chart as a file to take along: drawn as documents draw it, in Vietnamese."""

from __future__ import annotations

from markupsafe import escape

from analysis.presentation import labels
from analysis.presentation.charts.model import Chart
from survey.foundation.installation_flags import is_demo

SVG, PNG = "svg", "png"
MEDIA_TYPES = {SVG: "image/svg+xml", PNG: "image/png"}


def drawing(chart: Chart, ending: str, *notes: str) -> bytes:
    """The file, under a heading of its own; an SVG has its caption as title and its figures in words as description.

    `notes`: lines below the caption, as where a target stands.
    """
    from analysis.presentation.charts import drawing

    heading = [chart.caption, *notes, labels.CHART_KEY, *([labels.DEMO] if is_demo() else [])]
    if ending == PNG:
        return drawing.png(chart, heading)
    drawn = drawing.svg(chart, heading).replace("'Tinos'", "'Tinos', 'Times New Roman', 'Liberation Serif', serif")
    head, opening, rest = drawn.partition("<svg")
    attributes, end, body = rest.partition(">")
    said = f"<title>{escape(chart.caption)}</title><desc>{escape(chart.alt)}</desc>"
    return f"{head}{opening}{attributes}{end}{said}{body}".encode()
