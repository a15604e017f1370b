"""What a process keeps of its own work: the things used last, as many as fit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_EVERY: WeakSet[WeightedLru[Any]] = WeakSet()


class WeightedLru(Generic[T]):
    """Things by key. `size` says how much one weighs; together they weigh at most `most`. Threads may share it.

    A key must hold everything that a thing depends on: nothing is ever told to be forgotten.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most, self._size = most, size
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
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
            while self._weight > self._most:
                self._weight -= self._kept.popitem(last=False)[1][1]

    def replace(self, key: Hashable, thing: T) -> None:
        """Keep a thing in place of the one under its key."""
        with self._lock:
            if key in self._kept:
                self._weight -= self._kept.pop(key)[1]
        self.keep(key, thing)

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
            self._weight = 0


def forget_everything() -> None:
    """As in a process that has just started: for tests and measurements."""
    for memory in _EVERY:
        memory.forget()
