"""What comes while a transaction is under way is stored together in the next one, and told to each once it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from survey.responses.group_commit import GroupCommit

WORKS = range(1, 7)


class Disk:
    """Stores groups of numbers; the first waits until it is told that the others have come."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.others_came = threading.Event(), threading.Event()

    def commit(self, works: Sequence[int]) -> list[int]:
        first = not self.groups
        self.groups.append(list(works))
        if first:
            self.begun.set()
            assert self.others_came.wait(timeout=30)
        if 5 in works and len(works) > 1:
            raise ValueError("one the database refuses")
        if 5 in works:
            raise KeyError("refused alone, too")
        return [work * 10 for work in works]


def come_together(disk: Disk, group: GroupCommit[int, int]) -> list[int | str]:
    """0 comes first; all others while it is being stored."""

    def submit(work: int) -> int | str:
        try:
            return group.submit(work, 1)
        except (ValueError, KeyError, OperationalError) as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(WORKS) + 1) as pool:
        first = pool.submit(submit, 0)
        assert disk.begun.wait(timeout=30)
        others = [pool.submit(submit, work) for work in WORKS]
        while len(group._queue) < len(WORKS):
            threading.Event().wait(0.01)
        disk.others_came.set()
        return [first.result(), *(other.result() for other in others)]


def test_what_waits_is_stored_together_and_each_gets_its_own_result() -> None:
    disk = Disk()
    group = GroupCommit[int, int](lambda works: [w // 2 for w in disk.commit([w * 2 for w in works])], limit=100)
    assert come_together(disk, group) == [work * 10 for work in (0, *WORKS)]
    assert [len(group) for group in disk.groups] == [1, len(WORKS)]


def test_what_is_refused_harms_nothing_that_came_with_it() -> None:
    disk = Disk()
    results = come_together(disk, GroupCommit[int, int](disk.commit, limit=100))
    assert results == [0, 10, 20, 30, 40, "KeyError", 60]


def test_a_group_is_no_larger_than_its_limit() -> None:
    disk = Disk()
    group = GroupCommit[int, int](lambda works: [w // 2 for w in disk.commit([w * 2 for w in works])], limit=4)
    come_together(disk, group)
    assert [len(group) for group in disk.groups] == [1, 4, 2]


def test_a_database_in_trouble_fails_all_of_a_group_at_once() -> None:
    disk = Disk()

    def commit(works: Sequence[int]) -> list[int]:
        disk.commit([0] * len(works))
        if len(works) > 1:
            raise OperationalError("COMMIT", {}, Exception("disk full"))
        return [0]

    assert come_together(disk, GroupCommit[int, int](commit, limit=100)) == [0, *["OperationalError"] * len(WORKS)]
    assert len(disk.groups) == 2


def test_the_way_is_free_again_after_a_failure() -> None:
    group = GroupCommit[int, int](lambda works: [1 // work for work in works], limit=1)
    with pytest.raises(ZeroDivisionError):
        group.submit(0, 1)
    assert group.submit(1, 1) == 1


def test_one_transaction_is_under_way_at_a_time_whoever_comes_while_the_next_begins() -> None:
    begun, gates = ([threading.Event() for _work in range(4)] for _kind in range(2))
    under_way, most, lock = 0, 0, threading.Lock()

    def commit(works: Sequence[int]) -> list[int]:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        begun[works[0]].set()
        assert gates[works[0]].wait(timeout=30)
        with lock:
            under_way -= 1
        return [work * 10 for work in works]

    group = GroupCommit[int, int](commit, limit=1)
    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(group.submit, 0, 1)]
        assert begun[0].wait(timeout=30)
        for work in (1, 2):
            results.append(pool.submit(group.submit, work, 1))
            while len(group._queue) < work:
                threading.Event().wait(0.01)
        gates[0].set()
        assert begun[1].wait(timeout=30)
        results.append(pool.submit(group.submit, 3, 1))
        while len(group._queue) < 2 and not begun[2].is_set():
            threading.Event().wait(0.01)
        for gate in gates:
            gate.set()
        assert [result.result() for result in results] == [0, 10, 20, 30]
    assert most == 1


def test_a_result_that_is_missing_is_an_error_and_never_another_works() -> None:
    group = GroupCommit[int, int](lambda works: [work * 10 for work in works[:-1]], limit=1)
    with pytest.raises(ValueError, match="zip"):
        group.submit(1, 1)
