"""Rating cells in blocks, mostly an agency each, added up to rows: what is worked out is kept until it changes.

An agency is a design stratum: no day of it and no post-stratum crosses it, so blocks can be worked out apart and put
together. After an answer only its agency's block is worked out again; blocks of which nothing is kept, as after a
start, are worked out in one go. Where nothing lasts one block may hold many agencies: the rows are the same, in the
same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.figures.rating_queries import RatingCells
from analysis.figures.store.counts import AgencyCounts, Counts, read_together
from analysis.figures.weighting.block_cells import BlockCells, Outline, Rows
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.caching.weighted_lru import State, WeightedLru


def _size(outline: Outline) -> int:
    return 10 + len(outline.groups) + len(outline.pairs) + outline.by_month.size


_OUTLINES: WeightedLru[Outline] = WeightedLru(500_000, _size)
_ROWS: WeightedLru[Rows] = WeightedLru(2_500_000, lambda rows: 50 + len(rows.part))  # some 100 MB at most


@dataclass(frozen=True, eq=False)
class Blocks:
    """A block for each of `counts`: no sampling unit and no post-stratum is in two of them.

    `dimension` and `means` say which cells, see `Counts`.
    """

    counts: Sequence[Counts]
    dimension: str | None = None
    means: bool = False

    @cached_property
    def outlines(self) -> list[Outline]:
        """What must be known of each block before its cells are added up."""
        return _OUTLINES.get_all(
            self._states,
            lambda missing: [outline for together in self._read(missing) for outline in together.outlines()],
        )

    def rows(self, parts: Sequence[tuple[int, ...]], names: tuple[str, ...]) -> list[Rows]:
        """The cells of each block added up to one row a part and sampling unit.

        `parts`: of each block the part that each of its pairs belongs to, counted from 0.
        """
        states = [
            state and State((state.place, part_of_pair, names), state.version)
            for state, part_of_pair in zip(self._states, parts, strict=True)
        ]

        def work_out(missing: Sequence[int]) -> list[Rows]:
            waiting = iter([parts[place] for place in missing])
            return [
                rows
                for together in self._read(missing)
                for rows in together.rows([next(waiting) for _block in range(together.blocks)], names)
            ]

        return _ROWS.get_all(states, work_out)

    def cells(self) -> Iterator[RatingCells]:
        """The cells themselves, block by block."""
        return (count.cells(self.dimension, means=self.means) for count in self.counts)

    @cached_property
    def _states(self) -> list[State | None]:
        states = (count.state for count in self.counts)
        return [state and State((state.place, self.dimension, self.means), state.version) for state in states]

    def _read(self, places: Sequence[int]) -> Sequence[BlockCells]:
        return _read_cells(self, tuple(places))


@once_for_each
def _read_cells(blocks: Blocks, places: tuple[int, ...]) -> Sequence[BlockCells]:
    """The cells of these blocks: those of agencies together."""
    counts = [blocks.counts[place] for place in places]
    agencies = [count for count in counts if isinstance(count, AgencyCounts)]
    if len(agencies) == len(counts):
        return (BlockCells(*read_together(agencies, blocks.dimension, means=blocks.means)),)
    cells = [count.cells(blocks.dimension, means=blocks.means) for count in counts]
    return [BlockCells(own, (len(own),)) for own in cells]
