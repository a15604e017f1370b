"""Where the marks and words of a promise's years stand in a picture of 320 units' width."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.presentation.charts.placing import Box, Words, placed
from analysis.presentation.phrases import share_beside
from analysis.results.years.promise_years import PromiseYears, Step, YearCell
from analysis.results.years.year_words import step_words

WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 62.0, 284.0, 24.0, 158.0
FRAME = Box(0, 2, WIDTH, BOTTOM + 2)
RADIUS, MARK = 6.0, Box(9, -8, 27, 8)  # a dot; the verdict's mark from the middle of the last dot


@dataclass(frozen=True)
class YearDot:
    """One year's dot; `y`, `low`, `high` None where the figure was held back."""

    cell: YearCell
    x: float
    y: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class StepLine:
    """A promised level: dashed from `x1` to `x2`, from there to `x3` as a mark that has expired."""

    step: Step
    y: float
    x1: float
    x2: float
    x3: float


@dataclass(frozen=True)
class YearsPicture:
    """The drawing of one subject. `bottom_share`: where the axis begins, 0-1; it ends at 1.

    `values`, `levels`, `years`: the words that found a free place; the table beside the picture holds them all.
    """

    bottom_share: float
    dots: tuple[YearDot, ...]
    steps: tuple[StepLine, ...]
    values: tuple[Words, ...]
    levels: tuple[Words, ...]
    years: tuple[Words, ...]


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

    dots = tuple(_dot(cell, x(cell.year), y) for cell in years.cells)
    steps = tuple(
        StepLine(step, y(step.level), x(step.first) - (9 if step.first == first else 0), x(step.due_year), x(step.last))
        for step in years.steps
    )
    # The last year's value first: where not all find room, it does.
    values = [list(_value_places(dot)) for dot in reversed(dots) if dot.y is not None]
    levels = [list(_level_places(line)) for line in steps]
    lettering = placed(FRAME, [*_lines(steps), *_marks(dots, years)], [*values, *levels])
    named = [[Words(str(dot.cell.year), dot.x, HEIGHT - 8)] for dot in reversed(dots)]
    return YearsPicture(
        bottom_share,
        dots,
        steps,
        _stand(lettering[: len(values)]),
        _stand(lettering[len(values) :]),
        _stand(placed(Box(0, 0, WIDTH, HEIGHT), [], named)),
    )


def _stand(lettering: Sequence[Words | None]) -> tuple[Words, ...]:
    return tuple(words for words in lettering if words is not None)


def _dot(cell: YearCell, x: float, y: Callable[[float], float]) -> YearDot:
    interval, row = cell.interval, cell.row
    if interval is None or row is None:
        return YearDot(cell, x)
    return YearDot(cell, x, y(row["estimate"]), y(interval["low"]), y(interval["high"]))


def _lines(steps: Sequence[StepLine]) -> Iterator[Box]:
    for line in steps:
        yield Box(line.x1, line.y - 1, max(line.x2, line.x3), line.y + 1)


def _marks(dots: Sequence[YearDot], years: PromiseYears) -> Iterator[Box]:
    for dot in dots:
        if dot.y is None or dot.high is None or dot.low is None:
            yield Box(dot.x - 4, BOTTOM - 18, dot.x + 4, BOTTOM - 6)
            continue
        yield Box(dot.x - RADIUS, min(dot.high, dot.y - RADIUS), dot.x + RADIUS, max(dot.low, dot.y + RADIUS))
        if dot.cell is years.latest:
            yield Box(dot.x + MARK.left, dot.y + MARK.top, dot.x + MARK.right, dot.y + MARK.bottom)


def _value_places(dot: YearDot) -> Iterator[Words]:
    """Above the whisker, else below it, further away where other words or a level's line are there."""
    if dot.y is None or dot.high is None or dot.low is None:
        return
    text = share_beside((dot.cell.row or {})["estimate"], dot.cell.levels)
    above, below = min(dot.high, dot.y - RADIUS) - 5, max(dot.low, dot.y + RADIUS) + 13
    for further in (0, 8, 16):
        yield Words(text, dot.x, above - further)
        yield Words(text, dot.x, below + further)
    yield Words(text, dot.x, TOP - RADIUS - 4)  # over every dot: free for the one that comes first


def _level_places(line: StepLine) -> Iterator[Words]:
    """Along its line, below and above, from where it begins; then before it."""
    text, end = step_words(line.step), max(line.x2, line.x3)
    x = line.x1
    while x < max(end, line.x1 + 1):
        yield Words(text, x, line.y + 14, "start")
        yield Words(text, x, line.y - 5, "start")
        x += 8
    yield Words(text, end, line.y + 14, "end")
    yield Words(text, end, line.y - 5, "end")
    yield Words(text, line.x1 - 4, line.y + 4, "end")
    for further in (24, 34, 44):
        yield Words(text, end, line.y + further, "end")
        yield Words(text, end, line.y - further + 9, "end")
