"""Two agencies side by side as files: a picture drawn as documents draw, and the published rows as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from analysis.periods.models import Closing
from analysis.presentation import labels
from analysis.presentation.charts.files import drawing
from analysis.presentation.charts.model import MAX_CHART_ROWS, Chart, Mark
from analysis.results.agencies.comparing import Pair
from analysis.results.open_data import rows_csv
from analysis.results.publication.phrases import subject_name
from survey.foundation.formatting import number, percent, sentence_case
from survey.foundation.periods import Period


def drawn(pairs: Sequence[Pair], ending: str) -> bytes:
    """One subject's pairs as SVG or PNG, the latest first, in Vietnamese like every document."""
    with force_locale("vi"):
        return drawing(_chart(pairs), ending)


def csv_of(pairs: Sequence[Pair], closings: Iterable[Closing], province_key: str) -> bytes:
    """The rows of one subject's pairs as their publications' own files hold them."""
    told = {(pair.period.code, row["domain"]) for pair in pairs for row in pair.rows}
    subject = pairs[0].subject

    def is_told(closing: Closing, row: dict[str, object]) -> bool:
        here = (closing.period, row["domain"]) in told
        return here and (row["table"], row["subject"]) == ("agency", subject)

    return rows_csv(closings, province_key, is_told)


def _chart(pairs: Sequence[Pair]) -> Chart:
    first, second = (row["label"] for row in pairs[0].rows)
    both = _("%(first)s và %(second)s", first=first, second=second)
    caption = f"{subject_name(pairs[0].subject)}: {both}"
    marks = tuple(islice((_mark(row, pair.period) for pair in pairs for row in pair.rows), MAX_CHART_ROWS))
    said = "; ".join(f"{mark.label}, {mark.under}: {mark.text}" for mark in marks)
    return Chart(caption=caption, alt=f"{caption}. {said}.", form="rows", marks=marks)


def _mark(row: dict[str, Any], period: Period) -> Mark:
    when, interval = sentence_case(period.label()), row["interval_90"] or {}
    if row["estimate"] is None:
        return Mark(row["label"], when, labels.SUPPRESSED if row["suppressed"] else labels.NO_ANSWERS)
    return Mark(
        label=row["label"],
        under=f"{when}, n = {number(row['n'])}",
        text=percent(row["estimate"]),
        value=row["estimate"],
        low=interval.get("low"),
        high=interval.get("high"),
    )
