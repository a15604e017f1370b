"""Figures as the marks of a chart, and in the words that stand for it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.figures.figure import Figure
from analysis.presentation import labels
from analysis.presentation.charts.model import Mark
from survey.foundation.formatting import ABSENT


def mark(figure: Figure, label: str = "") -> Mark:
    """A figure as a dot with whiskers."""
    estimate = figure.estimate
    interval = estimate.interval_90 if estimate else None
    return Mark(
        label=label or figure.label,
        under=_under(figure),
        text=labels.value(figure),
        value=estimate.estimate if estimate else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        thin=figure.reference_only,
    )


def _under(figure: Figure) -> str:
    """n of what was estimated; of what was not, how many came."""
    if not labels.answered(figure):
        return ""
    if figure.estimate is None or figure.estimate.estimate is None:
        return f"{labels.received(figure)} phiếu"
    return f"n = {labels.used(figure)}"


def chart_alt(what: str, figures: Sequence[Figure]) -> str:
    """A chart in words: every mark with its value, interval and n."""
    parts = [f"{figure.label}: {labels.value(figure)}{_beside(figure)}" for figure in figures]
    return f"{what}. {'; '.join(parts)}."


def _beside(figure: Figure) -> str:
    interval = labels.interval(figure)
    said = [f"khoảng {interval}"] * (interval != ABSENT) + [_under(figure)] * bool(_under(figure))
    return f" ({', '.join(said)})" if said else ""
