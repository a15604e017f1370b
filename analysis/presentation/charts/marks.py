"""Figures as the marks of a chart, and in the words that stand for it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.figures.figure import Figure
from analysis.presentation import labels
from analysis.presentation.charts.model import Mark


def mark(figure: Figure, label: str = "") -> Mark:
    """A figure as a dot with whiskers."""
    found = figure.estimate
    interval = found.interval_90 if found else None
    return Mark(
        label=label or figure.label,
        under="" if figure.n is None else f"n = {labels.used(figure)}",
        text=labels.value(figure),
        value=found.estimate if found else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        thin=figure.reference_only,
    )


def chart_alt(what: str, figures: Sequence[Figure]) -> str:
    """A chart in words: every mark with its value, interval and n."""
    parts = [f"{one.label}: {labels.value(one)} (khoảng {labels.interval(one)}, {mark(one).under})" for one in figures]
    return f"{what}. {'; '.join(parts)}."
