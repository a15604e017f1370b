"""Rating cells in blocks, mostly an agency each, added up to rows: what is worked out is kept until it changes.

An agency is a design stratum: no day of it and no post-stratum crosses it, so blocks can be worked out apart and put
together. After an answer only its agency's block is worked out again. Where nothing is kept one block may hold many
agencies: the rows are the same, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.figures.quarters import sampling_units
from analysis.figures.rating_queries import TOLD_CHANNELS, RatingCells, RatingGroup
from analysis.figures.store.counts import Counts
from analysis.statistics.grouping import Ints, compress, total_by
from survey.foundation.weighted_lru import State, WeightedLru


class Rows(NamedTuple):
    """A block's cells added up, (R,) each: the part each belongs to, its sampling unit (-1: none known), its sums."""

    part: Ints
    psu: Ints
    sums: dict[str, Ints]


class _Outline(NamedTuple):
    """What must be known of a block before its cells are added up.

    `pairs`: every pair of a group's place and a place in `labels` that occurs; `by_month`: the answers of each pair in
    each month (pairs, months); `asking`: the months with answers of each agency; `told`: how many came by
    each of TOLD_CHANNELS.
    """

    groups: Sequence[RatingGroup]
    labels: tuple[str, ...]
    pairs: Sequence[tuple[int, int]]
    by_month: Ints
    asking: dict[int, frozenset[str]]
    told: dict[str, int]


def _size(outline: _Outline) -> int:
    return 10 + len(outline.groups) + len(outline.pairs) + outline.by_month.size


_OUTLINES: WeightedLru[_Outline] = WeightedLru(500_000, _size)
_ROWS: WeightedLru[Rows] = WeightedLru(2_500_000, lambda rows: 50 + len(rows.part))  # some 100 MB at most


@dataclass(frozen=True, eq=False)
class Block:
    """Cells that share no sampling unit and no post-stratum with another block. `state` None: nothing of it is kept."""

    state: State | None
    read: Callable[[], RatingCells]

    @cached_property
    def cells(self) -> RatingCells:
        """The cells themselves."""
        return self.read()

    @cached_property
    def outline(self) -> _Outline:
        """What must be known before the cells are added up."""
        return _OUTLINES.get_in(self.state, self._outline)

    def rows(self, part_of_pair: tuple[int, ...], names: tuple[str, ...]) -> Rows:
        """The cells added up to one row a part and sampling unit; `part_of_pair`: the part each pair belongs to."""
        state = self.state and State((self.state.place, part_of_pair, names), self.state.version)
        return _ROWS.get_in(state, lambda: self._rows(part_of_pair, names))

    @cached_property
    def _grouped(self) -> tuple[list[RatingGroup], Ints]:
        return self.cells.grouped()

    @cached_property
    def _pair_of_cell(self) -> tuple[Ints, Ints]:
        """The pair of each cell, and a cell of each pair."""
        _groups, group_of = self._grouped
        pair, _size, first = compress(group_of * max(len(self.cells.labels), 1) + self.cells.dimension)
        return pair, first

    def _outline(self) -> _Outline:
        groups, group_of = self._grouped
        pair, first = self._pair_of_cell
        pairs = list(zip(group_of[first].tolist(), self.cells.dimension[first].tolist(), strict=True))
        months = len(self.cells.months)
        by_month = total_by(pair * months + self.cells.month, self.cells.sums["responses"], len(pairs) * months)
        counts = by_month.astype(np.int64).reshape(len(pairs), months)
        told = {name: int(self.cells.sums[name].sum()) for name in TOLD_CHANNELS}
        return _Outline(groups, self.cells.labels, pairs, counts, self.cells.asking(), told)

    def _rows(self, part_of_pair: tuple[int, ...], names: tuple[str, ...]) -> Rows:
        pair, _first = self._pair_of_cell
        part = np.array(part_of_pair, dtype=np.int64)[pair]
        unit, agency = _units(self.cells), compress(self.cells.agency).codes
        units = int(unit.max(initial=-1)) + 1
        row, size, first = compress(part * (units + 1) + unit + 1)  # no part is of two agencies
        psu = np.where(unit[first] < 0, -1, agency[first] * units + unit[first])
        sums = {name: total_by(row, self.cells.sums[name], size).astype(np.int64) for name in names}
        return Rows(part[first], psu, sums)


def blocks_of(counts: Sequence[Counts], dimension: str | None, *, means: bool) -> list[Block]:
    """A block for each of them."""
    return [_block(count, dimension, means) for count in counts]


def _block(counts: Counts, dimension: str | None, means: bool) -> Block:
    state = counts.state and State((counts.state.place, dimension, means), counts.state.version)
    return Block(state, lambda: counts.cells(dimension, means=means))


def _units(cells: RatingCells) -> Ints:
    """A code of the day (week, in long periods), all counters of an agency together; -1 where no counter is known."""
    codes = compress(sampling_units(cells.months, cells.month, cells.day)).codes
    return np.where(cells.counter == 0, -1, codes)
