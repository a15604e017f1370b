"""Which of the selections that a reader may put together by hand are told: filters on several axes at once.

Answers form a cube: axes (service, channel, month), each with its finest values and coarser groups of them (field,
quarter). A selection names a value or a group on some axes; where it names none on any it is the whole. Pure functions
on counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import add

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
        groups: of each axis, from the finest to the coarsest, the group of each value; the first is the value itself,
            each lies within one of the next.
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
        key = tuple(value if value in names else UNNAMED for value, names in zip(key, self._paths, strict=True))
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
        counts: dict[Key, Sequence[int]] = {}
        lines: dict[object, list[Key]] = defaultdict(list)
        gone: set[Key] = set()
        for own, (some, numbers) in sorted(self._sums(levels).items()):
            counts[own] = numbers
            for wider in self._wider(some, levels):
                line = self._at(some, wider)
                lines[wider, line].append(own)
                if line in self.hidden(wider):
                    gone.add(own)
        return self._closed(counts, list(lines.values()), gone)

    def _wider(self, key: Key, levels: Levels) -> Iterator[Levels]:
        """The coarser levels of each axis, up to the first whose groups hold everything.

        What holds of the lines of that one holds of those of still coarser ones, which are made of them.
        """
        for axis, (level, names) in enumerate(zip(levels, self._paths, strict=True)):
            for coarser in range(level + 1, len(self.groups[axis]) + 1):
                if names[key[axis]][coarser] != UNNAMED:  # else in no group, so in no selection of one
                    yield (*levels[:axis], coarser, *levels[axis + 1 :])
                if coarser in self._whole[axis]:
                    break

    @cached_property
    def _whole(self) -> Sequence[frozenset[int]]:
        """The levels of each axis that leave no combination in no group."""
        used = [{key[axis] for key in self.cells} for axis in range(len(self.groups))]
        return [
            frozenset(level for level in range(len(own) + 1) if all(names[value][level] != UNNAMED for value in values))
            for own, names, values in zip(self.groups, self._paths, used, strict=True)
        ]

    @cached_property
    def _sums(self) -> Callable[[Levels], Mapping[Key, tuple[Key, Sequence[int]]]]:
        return cache(self._summed)

    def _summed(self, levels: Levels) -> Mapping[Key, tuple[Key, Sequence[int]]]:
        """Of each selection of these levels one of its combinations of finest values, and its counts."""
        axis = next((axis for axis, level in enumerate(levels) if level), None)
        if axis is None:
            finer: Iterable[tuple[Key, Sequence[int]]] = self.cells.items()
        else:
            finer = self._sums((*levels[:axis], levels[axis] - 1, *levels[axis + 1 :])).values()
        sums: dict[Key, tuple[Key, Sequence[int]]] = {}
        for some, numbers in finer:
            own = self._at(some, levels)
            before = sums.get(own)
            sums[own] = (some, numbers) if before is None else (before[0], tuple(map(add, before[1], numbers)))
        return sums

    @cached_property
    def _paths(self) -> Sequence[Mapping[str, tuple[str, ...]]]:
        """Of each axis what every level calls each value; `*` where it is the whole axis."""
        values = [{UNNAMED, *own[0], *(key[axis] for key in self.cells)} for axis, own in enumerate(self.groups)]
        return [
            {value: (*(level.get(value, UNNAMED) for level in own), "*") for value in known}
            for own, known in zip(self.groups, values, strict=True)
        ]

    @property
    def _measures(self) -> int:
        return len(next(iter(self.cells.values()), ()))

    def _at(self, key: Key, levels: Levels) -> Key:
        """A combination of finest values as these levels name it; `*` where a level is the whole axis."""
        return tuple([names[value][level] for names, value, level in zip(self._paths, key, levels, strict=True)])

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
