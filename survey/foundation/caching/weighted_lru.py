"""What a process keeps of its own work: the things used last, as many as fit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_EVERY: WeakSet[WeightedLru[Any]] = WeakSet()


class State(NamedTuple):
    """A key whose `version` changes with what the thing depends on.

    A version that has passed does not come back, so of each place only the thing asked for last is kept.
    """

    place: Hashable
    version: Hashable


class WeightedLru(Generic[T]):
    """Things by key. `size` says how much one weighs; together they weigh at most `most`. Threads may share it.

    A key must hold everything that a thing depends on: nothing is ever told to be forgotten.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most, self._size = most, size
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._newest: dict[Hashable, State] = {}  # by place
        self._weight, self._lock = 0, Lock()
        _EVERY.add(self)

    def get(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """What is kept under the key; worked out, and kept, when there is nothing."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        thing = work_out()
        self.keep(key, thing)
        return thing

    def get_in(self, state: Hashable | None, work_out: Callable[[], T]) -> T:
        """`get`, but in a state of None, which stands for nothing lasting, nothing is kept."""
        return work_out() if state is None else self.get(state, work_out)

    def get_all(self, states: Sequence[Hashable | None], work_out: Callable[[Sequence[int]], Sequence[T]]) -> list[T]:
        """`get_in` of each state. What is not at hand is worked out at once: `work_out` is given the places of it."""
        kept = [None if state is None else self.find(state) for state in states]
        missing = [place for place, thing in enumerate(kept) if thing is None]
        new = dict(zip(missing, work_out(missing), strict=True)) if missing else {}
        for place, thing in new.items():
            if (state := states[place]) is not None:
                self.keep(state, thing)
        return [new[place] if thing is None else thing for place, thing in enumerate(kept)]

    def find(self, key: Hashable) -> T | None:
        """What is kept under the key, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, thing: T) -> None:
        """Keep a thing under its key, and let go of those not used for longest where there is no room."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (thing, self._size(thing))
                self._weight += self._kept[key][1]
                if isinstance(key, State):
                    self._take_the_place(key)
            while self._weight > self._most:
                self._let_go(next(iter(self._kept)))

    def _take_the_place(self, state: State) -> None:
        if state.place in self._newest:
            self._let_go(self._newest[state.place])
        self._newest[state.place] = state

    def _let_go(self, key: Hashable) -> None:
        self._weight -= self._kept.pop(key)[1]
        if isinstance(key, State):
            del self._newest[key.place]

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def weight(self) -> int:
        """What everything kept weighs together."""
        return self._weight

    def limit(self, most: int) -> None:
        """Keep at most this much from now on; what is kept already goes with the next thing."""
        self._most = most

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()
            self._newest.clear()
            self._weight = 0


def kept_by_all() -> int:
    """How many things all of them keep."""
    return sum(map(len, _EVERY))


def forget_everything() -> None:
    """As in a process that has just started: for tests and measurements."""
    for memory in _EVERY:
        memory.forget()
