"""A breakdown as a table: figures with rank intervals, and verdicts that allow for asking many times at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.figures.figure import Figure, Figures
from analysis.statistics import Estimation, RankInterval, rank
from analysis.statistics.disclosure.primary import Showing
from survey.foundation.vietnamese import sort_key


@dataclass(frozen=True)
class RankedFigure:
    """One row. `together`: whether its settled verdict stands also when all rows are judged at once; None: open."""

    figure: Figure
    rank: RankInterval | None
    together: bool | None


@dataclass(frozen=True)
class Ranking:
    """All rows in the asked order; `ranked`: how many take part in the ranking."""

    rows: tuple[RankedFigure, ...]
    ranked: int


def ranking_of(figures: Figures, order: str = "share") -> Ranking:
    """The table of a breakdown. `order`: ``share`` (lowest first), ``name``, ``answers`` (most first), ``given``."""
    ranks = _ranks(figures)
    together = figures.together
    rows = [RankedFigure(figure, ranks.get(figure.domain), together.get(figure.domain)) for figure in figures.figures]
    if order == "given":
        return Ranking(tuple(rows), 0)
    return Ranking(
        tuple(sorted(rows, key=_ORDERS.get(order, _by_share))), sum(value is not None for value in ranks.values())
    )


def _ranks(figures: Figures) -> dict[str, RankInterval | None]:
    """Rank intervals by domain; over months or years, and across kinds and channels, ranks would say nothing."""
    estimation: Estimation | None = figures.estimation
    if estimation is None or figures.question.by not in ("agency", "service", "field", "area"):
        return {}
    full = {figure.domain for figure in figures.figures if figure.shown is Showing.FULL}
    chosen = [i for i, estimate in enumerate(estimation.domains) if estimate.domain in full]
    covariance = estimation.covariance[chosen][:, chosen]
    intervals = rank([estimation.domains[i] for i in chosen], covariance)
    return {estimation.domains[i].domain: interval for i, interval in zip(chosen, intervals, strict=True)}


def _by_share(place: RankedFigure) -> tuple[bool, float, object]:
    estimate = place.figure.estimate
    known = estimate is not None and estimate.estimate is not None
    share = estimate.estimate if estimate is not None and estimate.estimate is not None else 0.0
    return (not known, share, sort_key(place.figure.label))


def _by_name(place: RankedFigure) -> tuple[object, ...]:
    return (sort_key(place.figure.label),)


def _by_answers(place: RankedFigure) -> tuple[int, object]:
    return (-(place.figure.answers or 0), sort_key(place.figure.label))


_ORDERS: dict[str, Callable[[RankedFigure], tuple[object, ...]]] = {
    "share": _by_share,
    "name": _by_name,
    "answers": _by_answers,
}
