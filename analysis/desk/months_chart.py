"""The months of a figure as a drawing: x in per cent of the width, y in pixels, so that text never shrinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from analysis.desk.control_limits import Limits
from analysis.figures.figure import Figure
from survey.foundation.periods import Period

HEIGHT = 220
TOP, BOTTOM = 22.0, 188.0
LEFT, RIGHT = 11.0, 83.0  # the right margin holds the target's label
STEP = 0.10


@dataclass(frozen=True)
class Dot:
    """One month with a figure; `low` and `high` are the ends of its interval, `thin`: too few answers for a verdict."""

    x: float
    y: float
    low: float | None
    high: float | None
    thin: bool


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands and what it says."""

    at: float
    share: float


@dataclass(frozen=True)
class Segment:
    """A straight piece between two neighbouring months."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Control:
    """One month's control limits as short level lines from `x1` to `x2`, and its unweighted share between them."""

    x: float
    x1: float
    x2: float
    lower: float
    upper: float
    share: float
    outside: bool


@dataclass(frozen=True)
class MonthsChart:
    """Everything the template draws; `dots` and `controls` hold None for a month without a figure or limits."""

    figures: tuple[Figure, ...]
    places: tuple[float, ...]
    dots: tuple[Dot | None, ...]
    segments: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    limits: tuple[Limits | None, ...]
    controls: tuple[Control | None, ...]
    target_y: float | None
    low: float
    high: float
    height: int = HEIGHT

    @property
    def numbers(self) -> tuple[int, ...]:
        """What the axis calls each month: its number in the year, 1 to 12."""
        return tuple(Period.parse(figure.domain).first_day.month for figure in self.figures)

    @property
    def controlled(self) -> bool:
        """Whether there are control limits to draw."""
        return any(self.controls)

    @property
    def empty(self) -> bool:
        """Whether no month has a figure."""
        return not any(self.dots)


def months_chart(figures: Sequence[Figure], threshold: float | None, limits: Sequence[Limits | None]) -> MonthsChart:
    """Lay out the months in order; the axis holds every interval, limit and the target, in steps of 10 points."""
    low, high = _range(figures, threshold, limits)

    def y(share: float) -> float:
        return round(BOTTOM - (share - low) / (high - low) * (BOTTOM - TOP), 1)

    width = (RIGHT - LEFT) / max(len(figures), 1)
    places = tuple(round(LEFT + width * (i + 0.5), 2) for i in range(len(figures)))
    dots = tuple(_dot(figure, x, y) for figure, x in zip(figures, places, strict=True))
    segments = tuple(Segment(a.x, a.y, b.x, b.y) for a, b in pairwise(dots) if a is not None and b is not None)
    count = round((high - low) / STEP)
    ticks = tuple(Tick(y(low + STEP * i), low + STEP * i) for i in range(count + 1))
    target_y = None if threshold is None else y(threshold)
    controls = tuple(
        None
        if limit is None
        else Control(
            x,
            round(x - width / 2, 2),
            round(x + width / 2, 2),
            y(limit.lower),
            y(limit.upper),
            y(limit.share),
            limit.outside,
        )
        for limit, x in zip(limits, places, strict=True)
    )
    return MonthsChart(tuple(figures), places, dots, segments, ticks, tuple(limits), controls, target_y, low, high)


def _dot(figure: Figure, x: float, y: Callable[[float], float]) -> Dot | None:
    estimate = figure.estimate
    if estimate is None or estimate.estimate is None:
        return None
    interval = estimate.interval_90
    return Dot(
        x=x,
        y=y(estimate.estimate),
        low=None if interval is None else y(interval.low),
        high=None if interval is None else y(interval.high),
        thin=figure.reference_only,
    )


def _range(figures: Sequence[Figure], threshold: float | None, limits: Sequence[Limits | None]) -> tuple[float, float]:
    shares = [] if threshold is None else [threshold]
    for limit in limits:
        shares += [] if limit is None else [limit.lower, limit.upper, limit.share]
    for figure in figures:
        if figure.estimate is not None and figure.estimate.estimate is not None:
            interval = figure.estimate.interval_90
            shares += [figure.estimate.estimate] if interval is None else [interval.low, interval.high]
    if not shares:
        return 0.0, 1.0
    low = max(floor((min(shares) - 0.02) * 10) / 10, 0.0)
    high = min(ceil((max(shares) + 0.02) * 10) / 10, 1.0)
    return low, high
