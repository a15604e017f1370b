"""Where the marks of a promise's years stand on a page: across in per cent of the width, down in pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.results.promise_years import PromiseYears, Step, YearCell

LEFT, RIGHT = 13.0, 91.0  # per cent
TOP, BOTTOM, HEIGHT = 26.0, 158.0, 184  # pixels
MOST_NAMED = 7  # more values beside dots would run into each other


@dataclass(frozen=True)
class YearDot:
    """One year's dot; `y`, `low`, `high` None where the figure was held back."""

    cell: YearCell
    x: float
    y: float | None = None
    low: float | None = None
    high: float | None = None
    named: bool = True


@dataclass(frozen=True)
class StepLine:
    """A promised level: dashed from `x1` to `x2`, from there to `x3` as a mark that has expired."""

    step: Step
    y: float
    x1: float
    x2: float
    x3: float

    @property
    def before(self) -> bool:
        """Whether its words have room before it, where no dot stands."""
        return self.x1 > (LEFT + RIGHT) / 2


@dataclass(frozen=True)
class YearsPicture:
    """The drawing of one subject. `bottom_share`: where the axis begins, 0-1; it ends at 1."""

    height: int
    bottom_share: float
    top: float
    bottom: float
    dots: tuple[YearDot, ...]
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class Axes:
    """What all pictures of a page share, so that they compare by eye: the years, and where the shares begin (0-1)."""

    first: int
    last: int
    bottom_share: float


def axes_of(all_years: Sequence[PromiseYears]) -> Axes | None:
    """Axes that hold every year and level; the shares begin at a tenth below the lowest. None with nothing to draw."""
    cells = [cell for years in all_years for cell in years.cells]
    steps = [step for years in all_years for step in years.steps]
    shown = [*(cell.year for cell in cells), *(step.due_year for step in steps)]
    if not shown:
        return None
    lowest = min([*((cell.interval or {"low": 1})["low"] for cell in cells), *(step.level for step in steps)])
    return Axes(min(shown), max(shown), max(0, min(9, int(lowest * 10 - 0.2))) / 10)


def picture_of(years: PromiseYears, axes: Axes) -> YearsPicture:
    """The drawing of one subject."""
    first, last, bottom_share = axes.first, axes.last, axes.bottom_share

    def x(year: int) -> float:
        share = 0.5 if first == last else (year - first) / (last - first)
        return round(LEFT + share * (RIGHT - LEFT), 2)

    def y(share: float) -> float:
        return round(BOTTOM - (share - bottom_share) / (1 - bottom_share) * (BOTTOM - TOP), 1)

    named = len(years.drawn) <= MOST_NAMED
    dots = tuple(_dot(cell, x(cell.year), y, named=named or cell is years.latest) for cell in years.cells)
    steps = tuple(
        StepLine(step, y(step.level), x(step.first) - (3 if step.first == first else 0), x(step.due_year), x(step.last))
        for step in years.steps
    )
    return YearsPicture(HEIGHT, bottom_share, TOP, BOTTOM, dots, steps)


def _dot(cell: YearCell, x: float, y: Callable[[float], float], *, named: bool) -> YearDot:
    interval, row = cell.interval, cell.row
    if interval is None or row is None:
        return YearDot(cell, x)
    return YearDot(cell, x, y(row["estimate"]), y(interval["low"]), y(interval["high"]), named)
