"""The cells of one block or of many, one block's after the other's, grouped and added up in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.figures.quarters import sampling_units
from analysis.figures.rating_queries import TOLD_CHANNELS, RatingCells, RatingGroup
from analysis.statistics.cells.grouping import Coding, Ints, compress, total_by


class Rows(NamedTuple):
    """A block's cells added up, (R,) each: the part each belongs to, its sampling unit (-1: none known), its sums."""

    part: Ints
    psu: Ints
    sums: dict[str, Ints]


class Outline(NamedTuple):
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


@dataclass(frozen=True, eq=False)
class BlockCells:
    """`cells` (K,) of blocks whose agencies are in the order of their ids; `lengths`: how many cells are whose."""

    cells: RatingCells
    lengths: Sequence[int]

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return len(self.lengths)

    def outlines(self) -> list[Outline]:
        """The outline of each block."""
        (groups, group_of), cells = self._grouped, self.cells
        pair, pairs, first = self._pair
        owner, group = self._owner[first], group_of[first]
        owner_of_group = np.zeros(len(groups), dtype=np.int64)
        owner_of_group[group] = owner
        ends_of_groups, ends = self._ends(owner_of_group), self._ends(owner)
        months = len(cells.months)
        by_month = total_by(pair * months + cells.month, cells.sums["responses"], pairs * months)
        counts = by_month.astype(np.int64).reshape(pairs, months)
        told = {
            name: total_by(self._owner, cells.sums[name], self.blocks).astype(int).tolist() for name in TOLD_CHANNELS
        }
        start_of_groups = np.concatenate([np.zeros(1, dtype=np.int64), ends_of_groups])
        places = zip((group - start_of_groups[owner]).tolist(), cells.dimension[first].tolist(), strict=True)
        every, asking = list(places), self._asking()
        return [
            Outline(
                groups[start_of_groups[block] : ends_of_groups[block]],
                cells.labels,
                every[start:end],
                counts[start:end].copy(),  # a view would hold all blocks in memory
                asking[block],
                {name: of_block[block] for name, of_block in told.items()},
            )
            for block, (start, end) in enumerate(_spans(ends))
        ]

    def rows(self, parts: Sequence[tuple[int, ...]], names: tuple[str, ...]) -> list[Rows]:
        """The rows of each block; `parts`: of each block the part that each of its pairs belongs to."""
        before = np.cumsum([0, *(max(part_of_pair, default=-1) + 1 for part_of_pair in parts)])
        pair_parts = [
            np.array(part_of_pair, dtype=np.int64) + start
            for part_of_pair, start in zip(parts, before.tolist()[:-1], strict=True)
        ]
        part, unit = np.concatenate(pair_parts)[self._pair.codes], self._unit
        units = int(unit.max(initial=-1)) + 1
        row, size, first = compress(part * (units + 1) + unit + 1)  # no part is of two agencies
        owner, agency = self._owner[first], self._within_block(self.cells.agency)[first]
        psu = np.where(unit[first] < 0, -1, agency * units + unit[first])
        own_part = part[first] - before[owner]
        sums = {name: total_by(row, self.cells.sums[name], size).astype(np.int64) for name in names}
        return [
            Rows(
                own_part[start:end].copy(),
                psu[start:end].copy(),
                {name: of_row[start:end].copy() for name, of_row in sums.items()},
            )
            for start, end in _spans(self._ends(owner))
        ]

    @cached_property
    def _owner(self) -> Ints:
        """The block of each cell."""
        return np.repeat(np.arange(self.blocks), self.lengths)

    @cached_property
    def _grouped(self) -> tuple[list[RatingGroup], Ints]:
        return self.cells.grouped()

    @cached_property
    def _pair(self) -> Coding:
        """The pairs of groups and labels, block by block."""
        _groups, group_of = self._grouped
        return compress(group_of * max(len(self.cells.labels), 1) + self.cells.dimension)

    @cached_property
    def _unit(self) -> Ints:
        """A code of the day (week, in long periods) in its block, all counters together; -1: no counter is known."""
        codes = self._within_block(sampling_units(self.cells.months, self.cells.month, self.cells.day))
        return np.where(self.cells.counter == 0, -1, codes)

    def _within_block(self, keys: Ints) -> Ints:
        """Consecutive codes from 0 in each block, (K,), in the order of the keys."""
        codes, _size, first = compress(self._owner * (int(keys.max(initial=0)) + 1) + keys)
        starts = np.searchsorted(self._owner[first], np.arange(self.blocks))
        return codes - starts[self._owner]

    def _ends(self, owner: Ints) -> Ints:
        """Where the entries of each block end, (blocks,); `owner`: the block of each entry, in order."""
        return np.cumsum(np.bincount(owner, minlength=self.blocks))

    def _asking(self) -> list[dict[int, frozenset[str]]]:
        """The months with answers of each block's agencies."""
        first = compress(self.cells.agency).first
        owner_of = dict(zip(self.cells.agency[first].tolist(), self._owner[first].tolist(), strict=True))
        asking: list[dict[int, frozenset[str]]] = [{} for _block in range(self.blocks)]
        for agency_id, months in self.cells.asking().items():
            asking[owner_of[agency_id]][agency_id] = months
        return asking


def _spans(ends: Ints) -> list[tuple[int, int]]:
    return list(zip([0, *ends.tolist()[:-1]], ends.tolist(), strict=True))
