"""Which of the selections that a reader may put together by hand are told: filters on several axes at once.

Answers form a cube: axes (service, channel, month), each with its finest values and coarser groups of them (field,
quarter). A selection names a value or a group on some axes; where it names none on any it is the whole. Pure functions
on counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from analysis.statistics.disclosure.complementary import complement

Key = tuple[str, ...]
Levels = tuple[int, ...]
UNNAMED = ""
"""The value of answers that name none, and the group of values that are in none: nobody can select it."""


@dataclass(frozen=True, eq=False)
class Cube:
    """Answers by their finest values.

    Attributes:
        cells: several counts (received, used) of each combination of finest values, in the order of the axes.
        groups: of each axis, from the finest to the coarsest, the group of each value; the first is the value itself.
        fewest: what may be worked out by subtraction (staff 10).
    """

    cells: Mapping[Key, Sequence[int]]
    groups: Sequence[Sequence[Mapping[str, str]]]
    fewest: int

    def tells(self, key: Key, levels: Levels) -> bool:
        """Whether a selection is told: a finest value of each axis, and the level whose group of it is meant.

        The level behind the last is the whole axis. It is told if every wider one is, and if nothing smaller than
        `fewest` follows from it and the selections of the same levels.
        """
        finest = tuple(self._same(axis, key[axis], level) for axis, level in enumerate(levels))
        return all(self._at(key, same) not in self.hidden(same) for same in {levels, finest})

    def _same(self, axis: int, value: str, level: int) -> int:
        """The finest level whose group of a value is the same: a field of one service is that service."""
        own = self.groups[axis]
        if level == len(own) or sum(group == own[level].get(value) for group in own[level].values()) > 1:
            return level
        return 0

    def hidden(self, levels: Levels) -> frozenset[Key]:
        """The selections of these levels that hold too little, or from which others would be worked out."""
        return self._hidden(levels)

    @cached_property
    def _hidden(self) -> Callable[[Levels], frozenset[Key]]:
        return cache(self._hide)

    def _hide(self, levels: Levels) -> frozenset[Key]:
        counts: dict[Key, list[int]] = defaultdict(lambda: [0] * self._measures)
        lines: dict[object, set[Key]] = defaultdict(set)
        gone: set[Key] = set()
        for key, numbers in self.cells.items():
            own = self._at(key, levels)
            counts[own] = [before + n for before, n in zip(counts[own], numbers, strict=True)]
            for axis, level in enumerate(levels):
                for coarser in range(level + 1, len(self.groups[axis]) + 1):
                    wider = (*levels[:axis], coarser, *levels[axis + 1 :])
                    line = self._at(key, wider)
                    if line[axis] == UNNAMED:  # in no group, so in no selection of one
                        continue
                    lines[axis, coarser, line].add(own)
                    if line in self.hidden(wider):
                        gone.add(own)
        return self._closed(counts, list(lines.values()), gone)

    @property
    def _measures(self) -> int:
        return len(next(iter(self.cells.values()), ()))

    def _at(self, key: Key, levels: Levels) -> Key:
        """A combination of finest values as these levels name it; `*` where a level is the whole axis."""
        return tuple(
            "*" if level == len(own) else own[level].get(value, UNNAMED)
            for value, level, own in zip(key, levels, self.groups, strict=True)
        )

    def _closed(
        self, counts: Mapping[Key, Sequence[int]], lines: Sequence[Iterable[Key]], above: set[Key]
    ) -> frozenset[Key]:
        """Those that hold too little, with what they would be worked out from line by line, to a fixed point.

        `above`: those of which a wider selection is hidden; they hide others at no cost.
        """
        unnamed = {key for key in counts if UNNAMED in key}
        few = {key for key, numbers in counts.items() if any(0 < n < self.fewest for n in numbers)}
        gone = (few | above) - unnamed
        through: dict[Key, list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            for key in line:
                through[key].append(place)
        waiting = set(range(len(lines)))
        while waiting:
            line = sorted(lines[waiting.pop()])
            named = {str(place): key for place, key in enumerate(line) if key not in unnamed}
            for measure in range(self._measures):
                own = {name: counts[key][measure] for name, key in named.items()}
                untold = sum(counts[key][measure] for key in line if key in unnamed)
                hidden = [name for name, key in named.items() if key in gone]
                more = {named[name] for name in complement(own, hidden, untold=untold, fewest=self.fewest)} - gone
                gone |= more
                waiting.update(place for key in more for place in through[key])
        return frozenset(gone | unnamed)
