"""A breakdown as a drawing to take along: the very figures of the page, drawn as documents draw them, in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile

from analysis.desk.explore import target_of
from analysis.desk.ranking import ranking_of
from analysis.figures.figure import Figure
from analysis.figures.service import answer
from analysis.presentation import labels
from analysis.presentation.charts.marks import chart_alt, mark
from analysis.presentation.charts.model import MAX_CHART_ROWS, Chart
from analysis.presentation.selection import Selection
from survey.foundation.vocabulary import SUBJECTS


def chart_of(selection: Selection) -> Chart:
    """The months as columns; everything else as rows, at most MAX_CHART_ROWS, the lowest first.

    Raises:
        BadQuery: the selection cannot be answered.
    """
    target = target_of(selection)
    threshold = target.threshold if target else None
    figures = answer(selection.question(selection.by), threshold)
    by_month = selection.by == "month"
    shown = _begun(figures.figures) if by_month else _lowest([place.figure for place in ranking_of(figures).rows])
    caption = f"{SUBJECTS[selection.subject]}: {selection.scope.name}, {selection.period.label()}"
    return Chart(
        caption=caption,
        alt=chart_alt(caption, shown),
        form="months" if by_month else "rows",
        marks=tuple(mark(figure, _month(figure.domain) if by_month else "") for figure in shown[:MAX_CHART_ROWS]),
        target=None if threshold is None else float(threshold.threshold),
        target_label=labels.target_label(threshold, target.status) if target and threshold else labels.TargetLabel(),
    )


def _lowest(figures: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.estimate and figure.estimate.estimate is not None][:MAX_CHART_ROWS]


def _begun(months: Iterable[Figure]) -> list[Figure]:
    """The months from the first with an answer on."""
    return list(dropwhile(lambda month: month.answers == 0, months))


def _month(code: str) -> str:
    return f"{int(code[5:])}/{code[2:4]}"
