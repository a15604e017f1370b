"""A breakdown as a table: figures with rank intervals, and verdicts that allow for asking many times at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from analysis.figures.figure import Figure, Figures
from analysis.statistics import Evidence, RankInterval
from survey.foundation.text.vietnamese import sort_key


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
    """The table of a breakdown. `order`: "name" or one of _VALUES ("-" before it: greatest first) or ``given``."""
    ranks = figures.ranks
    together = figures.together
    rows = [RankedFigure(figure, ranks.get(figure.domain), together.get(figure.domain)) for figure in figures.figures]
    if order == "given":
        return Ranking(tuple(rows), 0)
    return Ranking(tuple(_in_order(rows, order)), sum(value is not None for value in ranks.values()))


def _in_order(rows: Iterable[RankedFigure], order: str) -> list[RankedFigure]:
    """By a column of the table, "-" before it for the greatest first; what is not told stands last, by name."""
    column, backwards = order.removeprefix("-"), order.startswith("-")
    by_name = sorted(rows, key=lambda place: sort_key(place.figure.label), reverse=backwards and column == "name")
    if column == "name":
        return by_name
    told = [(value, place) for place in by_name if (value := _VALUES.get(column, _share)(place)) is not None]
    told.sort(key=lambda pair: -pair[0] if backwards else pair[0])
    placed = {id(place) for _value, place in told}
    return [place for _value, place in told] + [place for place in by_name if id(place) not in placed]


def _share(place: RankedFigure) -> float | None:
    estimate = place.figure.estimate
    return None if estimate is None else estimate.estimate


def _unweighted(place: RankedFigure) -> float | None:
    return None if place.figure.estimate is None else place.figure.estimate.unweighted


def _used(place: RankedFigure) -> float | None:
    return None if place.figure.estimate is None else place.figure.n


def _received(place: RankedFigure) -> float | None:
    return None if place.figure.estimate is None else place.figure.received


def _response_rate(place: RankedFigure) -> float | None:
    return None if place.figure.estimate is None else place.figure.estimate.response_rate


def _rank(place: RankedFigure) -> float | None:
    return None if place.rank is None else place.rank.best


def _verdict(place: RankedFigure) -> float | None:
    verdict = place.figure.verdict
    return None if verdict is None or verdict.evidence is None else list(Evidence).index(verdict.evidence)


# Only of figures that are shown: an order by what is hidden would tell it.
_VALUES: dict[str, Callable[[RankedFigure], float | None]] = {
    "share": _share,
    "unweighted": _unweighted,
    "n": _used,
    "received": _received,
    "rate": _response_rate,
    "rank": _rank,
    "verdict": _verdict,
}
