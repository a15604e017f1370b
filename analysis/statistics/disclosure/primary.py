"""What may be published: primary rules, and complementary hiding so that sums and later editions give nothing back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.cells.grouping import Bools, Ints
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.problems import StatisticsError
from analysis.statistics.variance.effective import at_least

FEWEST_COUNT = 5
FEWEST_STAFF = 10
FEWEST_PUBLIC = 30
WIDEST_PUBLIC = 0.30


class Audience(StrEnum):
    """Who reads: `public` (results, open data, public API) or `staff` (desk, PDF, exports)."""

    PUBLIC = "public"
    STAFF = "staff"


class Showing(StrEnum):
    """`full`; `reference` ("tham khảo": no verdict, no rank); `suppressed`."""

    FULL = "full"
    REFERENCE = "reference"
    SUPPRESSED = "suppressed"


def showing(domain: DomainEstimate, audience: Audience) -> Showing:
    """Primary rule for a percentage.

    Public: n >= 30, n_eff >= 30 and a 95 % interval narrower than 30 points, otherwise suppressed. Staff: n < 10
    suppressed, 10-29 for reference.
    """
    if audience is Audience.STAFF:
        if domain.n < FEWEST_STAFF:
            return Showing.SUPPRESSED
        return Showing.REFERENCE if domain.n < FEWEST_PUBLIC else Showing.FULL
    sure = domain.n >= FEWEST_PUBLIC and domain.n_eff is not None and at_least(domain.n_eff, FEWEST_PUBLIC)
    narrow = domain.interval is not None and domain.interval.high - domain.interval.low < WIDEST_PUBLIC
    return Showing.FULL if sure and narrow else Showing.SUPPRESSED


def hidden_count(count: int) -> bool:
    """Primary rule for a count: under 5 (0 too, which says as much about everyone)."""
    return count < FEWEST_COUNT


def tens_below(count: int) -> int:
    """A count for everybody where no more than its size matters: down to the ten."""
    return count // 10 * 10


@dataclass(frozen=True)
class SumConstraint:
    """A row or column: cells `parts` whose sum is the published cell `total` (indices into the table's cells).

    `total` None: their sum is told elsewhere.
    """

    parts: tuple[int, ...]
    total: int | None


@dataclass(frozen=True, eq=False)
class Edition:
    """What an earlier publication of the same cells showed: counts (K,) and what was hidden (K,)."""

    counts: Ints
    hidden: Bools


def suppress(counts: ArrayLike, lines: Sequence[SumConstraint], *, previous: Edition | None = None) -> Bools:
    """Which cells to hide, (K,), totals being cells like any other.

    Counts under 5 are hidden. Then, to a fixed point: a line with exactly one hidden cell, or whose hidden cells add up
    to under 5, hides its next smallest too (its total, when nothing else is left); and a hidden cell that the published
    totals together still determine takes the smallest visible cell beside it along. `previous` is an earlier edition of
    the same cells (a revision, or a running total): a visible count that moved by 1-4 since is hidden, for the
    difference would be a count under 5, and a cell hidden then stays hidden until it has moved by 5 or more.
    Raises StatisticsError `not_sum` when a total is not the sum of its parts.
    """
    values = _checked(counts, lines)
    hidden = values < FEWEST_COUNT
    if previous is not None:
        hidden = hidden | _told_by_difference(values, previous)
    while True:
        hidden = _lines_fixed(values, hidden, lines)
        extra = _smallest_beside(values, hidden, _determined(hidden, lines), lines)
        if extra is None:
            return hidden
        hidden[extra] = True


def suppress_table(
    counts: ArrayLike, *, previous: TableEdition | None = None, told: Sequence[Sequence[int]] = ()
) -> TableEdition:
    """The same for a table (R, C) published with row totals, column totals and the grand total.

    `told`: columns whose sum is told elsewhere of each row: those of the satisfied, whose share is published, say.
    """
    body = np.asarray(counts)
    if body.ndim != 2:
        raise StatisticsError("shape", "Bảng để che số liệu phải có hàng và cột.")
    full = _with_totals(body)
    if previous is not None and previous.counts.shape != full.shape:
        raise StatisticsError("edition", "Kỳ công bố trước phải gồm đúng các ô của kỳ này.")
    before = None if previous is None else Edition(previous.counts.ravel(), previous.hidden.ravel())
    lines = [*table_lines(*body.shape), *_told_elsewhere(full.shape, told)]
    return TableEdition(full, suppress(full.ravel(), lines, previous=before).reshape(full.shape))


@dataclass(frozen=True, eq=False)
class TableEdition:
    """A table with its totals in the last row and column: `counts` and `hidden`, both (R+1, C+1)."""

    counts: Ints
    hidden: Bools


def table_lines(rows: int, columns: int) -> list[SumConstraint]:
    """The lines of an (R+1, C+1) table raveled row by row, totals in the last row and column."""
    index = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    across = [SumConstraint(tuple(row[:-1].tolist()), int(row[-1])) for row in index]
    down = [SumConstraint(tuple(column[:-1].tolist()), int(column[-1])) for column in index.T]
    return across + down


def _told_elsewhere(shape: tuple[int, ...], told: Sequence[Sequence[int]]) -> list[SumConstraint]:
    rows = np.arange(shape[0] * shape[1]).reshape(shape)
    return [SumConstraint(tuple(row[list(columns)].tolist()), None) for row in rows for columns in told]


def _with_totals(body: Ints) -> Ints:
    full = np.zeros((body.shape[0] + 1, body.shape[1] + 1), dtype=np.int64)
    full[:-1, :-1] = body
    full[-1, :-1] = body.sum(axis=0)
    full[:, -1] = full.sum(axis=1)
    return full


def _checked(counts: ArrayLike, lines: Sequence[SumConstraint]) -> Ints:
    values = np.asarray(counts)
    if values.ndim != 1 or (values.size and (values.dtype.kind not in "iu" or values.min() < 0)):
        raise StatisticsError("counts", "Số đếm để công bố phải là số nguyên không âm.")
    for line in lines:
        if line.total is not None and values[list(line.parts)].sum() != values[line.total]:
            raise StatisticsError("not_sum", "Một dòng tổng của bảng không bằng tổng các ô của nó.")
    return values.astype(np.int64)


def _told_by_difference(values: Ints, previous: Edition) -> Bools:
    if previous.counts.shape != values.shape or previous.hidden.shape != values.shape:
        raise StatisticsError("edition", "Kỳ công bố trước phải gồm đúng các ô của kỳ này.")
    moved = np.abs(values - previous.counts)
    little = moved < FEWEST_COUNT
    told: Bools = little & (previous.hidden | (moved > 0))
    return told


def _lines_fixed(values: Ints, hidden: Bools, lines: Sequence[SumConstraint]) -> Bools:
    """Hide the next smallest of every exposed line until none is."""
    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for line in lines:
            while (extra := _next_to_hide(values, hidden, line)) is not None:
                hidden[extra] = True
                changed = True
    return hidden


def _next_to_hide(values: Ints, hidden: Bools, line: SumConstraint) -> int | None:
    """The cell that must go because the line gives a hidden one away; None when it gives nothing away."""
    parts = [i for i in line.parts if hidden[i]]
    total = [] if line.total is None else [line.total]
    if hidden[total].any():
        exposed = not parts
    else:
        exposed = len(parts) == 1 or (bool(parts) and int(values[parts].sum()) < FEWEST_COUNT)
    visible = [i for i in line.parts if not hidden[i]] or [i for i in total if not hidden[i]]
    return min(visible, key=lambda i: (values[i], i), default=None) if exposed else None


def _determined(hidden: Bools, lines: Sequence[SumConstraint]) -> Ints:
    """Hidden cells that the visible ones fix through the lines taken together.

    Such a cell's unit vector lies in the row space of the equations: its leverage there is 1.
    """
    unknown = np.flatnonzero(hidden)
    if not unknown.size or not lines:
        return unknown[:0]
    matrix = np.zeros((len(lines), len(hidden)))
    for row, line in enumerate(lines):
        matrix[row, list(line.parts)] += 1.0
        if line.total is not None:
            matrix[row, line.total] -= 1.0
    _, singular, right = np.linalg.svd(matrix[:, unknown], full_matrices=False)
    leverage = (right[singular > 1e-9] ** 2).sum(axis=0)
    fixed: Ints = unknown[leverage > 1 - 1e-9]
    return fixed


def _smallest_beside(values: Ints, hidden: Bools, determined: Ints, lines: Sequence[SumConstraint]) -> int | None:
    """The smallest visible cell in a line of a determined one, parts before totals."""
    targets = set(determined.tolist())
    beside = [line for line in lines if targets & {*line.parts, line.total}]
    parts = [i for line in beside for i in line.parts if not hidden[i]]
    candidates = parts or [line.total for line in beside if line.total is not None and not hidden[line.total]]
    return min(candidates, key=lambda i: (values[i], i), default=None)
