"""Group commit: what arrives while a transaction is under way is stored together in the next one.

Nobody waits for company: whoever comes when nothing is under way begins at once. Under load one transaction, one wait
for the disk and one turn at the rows that all of them change serve many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

from survey.foundation.storage.outage import is_outage

W = TypeVar("W")
R = TypeVar("R")


@dataclass
class _Waiting(Generic[W, R]):
    """One piece of work: finished, or its caller's turn to lead, once `woken`."""

    work: W
    size: int
    woken: Event = field(default_factory=Event)
    finished: bool = False
    result: list[R] = field(default_factory=list)
    error: BaseException | None = None


class GroupCommit(Generic[W, R]):
    """`commit` gives a result for each work, in order, once they are all on disk; `limit` bounds a group's size."""

    def __init__(self, commit: Callable[[Sequence[W]], Sequence[R]], limit: int) -> None:
        self._commit, self._limit = commit, limit
        self._lock, self._queue, self._busy = Lock(), deque[_Waiting[W, R]](), False

    def submit(self, work: W, size: int) -> R:
        """What `commit` says of this work, or raises.

        A thread does the next group's work at most once, with its own in it: none works on and on for the others.
        """
        mine: _Waiting[W, R] = _Waiting(work, size)
        with self._lock:
            self._queue.append(mine)
            leads, self._busy = not self._busy, True
        if not leads:
            mine.woken.wait()
        if not mine.finished:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.result[0]

    def _lead(self) -> None:
        group = self._next_group()
        try:
            self._carry_out(group)
        finally:
            for batch in group:
                batch.finished = True
            with self._lock:
                self._busy = bool(self._queue)
                heir = self._queue[0] if self._queue else None
            for batch in [*([heir] if heir else []), *group]:
                batch.woken.set()

    def _next_group(self) -> list[_Waiting[W, R]]:
        group: list[_Waiting[W, R]] = []
        size = 0
        with self._lock:
            while self._queue and (not group or size + self._queue[0].size <= self._limit):
                group.append(self._queue.popleft())
                size += group[-1].size
        return group

    def _carry_out(self, group: Sequence[_Waiting[W, R]]) -> None:
        try:
            for batch, result in zip(group, self._commit([batch.work for batch in group]), strict=True):
                batch.result.append(result)
        except BaseException as error:  # noqa: BLE001 - carried to the threads that wait for it
            # What the database refuses must not harm what came with it; a database in trouble refuses everything.
            if len(group) == 1 or is_outage(error) or not isinstance(error, Exception):
                for batch in group:
                    batch.error = error
                return
            for batch in group:
                self._carry_out([batch])
