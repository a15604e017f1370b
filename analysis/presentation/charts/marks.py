"""Figures as the marks of a chart, and in the words that stand for it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.figures.figure import Figure
from analysis.presentation import labels
from analysis.presentation.charts.model import Mark


def mark(figure: Figure, label: str = "") -> Mark:
    """A figure as a dot with whiskers."""
    estimate = figure.estimate
    interval = estimate.interval_90 if estimate else None
    return Mark(
        label=label or figure.label,
        under="" if figure.n is None else f"n = {labels.used(figure)}",
        text=labels.value(figure),
        value=estimate.estimate if estimate else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        thin=figure.reference_only,
    )


def chart_alt(what: str, figures: Sequence[Figure]) -> str:
    """A chart in words: every mark with its value, interval and n."""
    parts = [
        f"{figure.label}: {labels.value(figure)} (khoảng {labels.interval(figure)}, {mark(figure).under})"
        for figure in figures
    ]
    return f"{what}. {'; '.join(parts)}."
