"""What follows from all that is told together: the audit and an attacker with other means agree on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.disclosure.knowledge import Knowledge, Told
from tests.results.attacker import Attacker, names_of

FEWEST = 30
AGENCIES, SERVICES, MONTHS = 3, 3, 2
PERIODS = ((0,), (1,), (0, 1))  # two months and what holds both


class Group(NamedTuple):
    """An agency's answers about a service in a month; `late`: they came between two revisions."""

    agency: int
    service: int
    month: int
    late: bool


class Count(NamedTuple):
    """One told count: of a revision of a period, of an agency, a service or (-1, -1) of all."""

    period: int
    revision: int
    agency: int
    service: int

    def holds(self, group: Group) -> bool:
        """Whether it counts these answers."""
        return (
            group.month in PERIODS[self.period]
            and self.agency in (-1, group.agency)
            and self.service in (-1, group.service)
            and (self.revision > 0 or not group.late)
        )


ROWS = [(-1, -1), *((a, -1) for a in range(AGENCIES)), *((-1, s) for s in range(1, SERVICES))]  # service 0: not told
PUBLICATIONS = [(period, revision) for revision in (0, 1) for period in range(len(PERIODS))]
PLACES = [
    Group(a, s, m, late)
    for a in range(AGENCIES)
    for s in range(SERVICES)
    for m in range(MONTHS)
    for late in (False, True)
]
SIZES = st.sampled_from((0, 0, 1, 2, 5, 9, 17, 29, 30, 31, 44, 80, 150))
worlds = st.lists(SIZES, min_size=len(PLACES), max_size=len(PLACES)).map(
    lambda sizes: dict(zip(PLACES, sizes, strict=True))
)


def told(count: Count, world: dict[Group, int]) -> Told:
    cells: dict[int, int] = {}
    for group, answers in world.items():
        if count.holds(group) and answers:
            cell = (group.agency * SERVICES + group.service) * MONTHS + group.month
            cells[cell] = cells.get(cell, 0) + answers
    return Told(np.array(list(cells), int), np.array(list(cells.values()), int), cuts=count[2:] == (-1, -1))


def audited(world: dict[Group, int]) -> Iterator[Count]:
    """What is told in the end, one publication after the other, each held against all before it."""
    codes = np.arange(AGENCIES * SERVICES * MONTHS) // MONTHS
    public: list[Count] = []
    for publication in PUBLICATIONS:
        new = [Count(*publication, *row) for row in ROWS]
        new = [count for count in new if sum(n for group, n in world.items() if count.holds(group)) >= FEWEST]
        total = Count(*publication, -1, -1)
        every = [*public, *new, *([] if total in new else [total])]
        knowledge = Knowledge([told(count, world) for count in every], codes // SERVICES, codes % SERVICES, FEWEST)
        active = np.array([count in public or count in new for count in every])
        while (leak := knowledge.leak(active)) is not None:
            blamed = [place for place in leak.told if every[place] in new]
            assert blamed, "what was public before told of nothing small"
            active[max(blamed, key=lambda place: every[place])] = False
        public = [count for count, is_told in zip(every, active, strict=True) if is_told]
    return iter(public)


@settings(max_examples=40, deadline=None)
@given(world=worlds)
def test_what_the_audit_lets_pass_tells_the_attacker_of_no_small_group(world: dict[Group, int]) -> None:
    attacker = Attacker({group: answers for group, answers in world.items() if answers})
    for count in audited(world):
        attacker.hears(
            str(count), sum(n for group, n in world.items() if count.holds(group)), partial(Count.holds, count)
        )
    leaks = attacker.leaks(FEWEST)
    assert not leaks, names_of(leaks)


def knowledge_of(table: list[list[int]], rows: list[int], columns: list[int]) -> tuple[Knowledge, np.ndarray]:
    """A table told with its total and these rows and columns."""
    sizes = np.array(table)
    cell = np.arange(sizes.size).reshape(sizes.shape)
    parts = [cell.ravel(), *(cell[row] for row in rows), *(cell[:, column] for column in columns)]
    counts = [Told(part, sizes.ravel()[part], cuts=place == 0) for place, part in enumerate(parts)]
    agency, service = np.divmod(np.arange(sizes.size), sizes.shape[1])
    return Knowledge(counts, agency, service, FEWEST), np.ones(len(parts), dtype=bool)


def test_a_total_minus_its_rows_is_told_by_just_these() -> None:
    knowledge, active = knowledge_of([[40, 0], [50, 0], [3, 0]], rows=[0, 1], columns=[])
    leak = knowledge.leak(active)
    assert leak is not None
    assert leak.told == (0, 1, 2)
    active[1] = False
    assert knowledge.leak(active) is None


def test_a_row_and_a_column_that_share_all_but_a_few_answers_tell_these_few() -> None:
    knowledge, active = knowledge_of([[60, 4], [0, 90]], rows=[0, 1], columns=[0, 1])
    assert knowledge.leak(active) is not None


def test_margins_of_a_table_in_which_answers_can_be_exchanged_tell_nothing_small() -> None:
    knowledge, active = knowledge_of([[3, 60], [70, 80]], rows=[0, 1], columns=[0, 1])
    assert knowledge.leak(active) is None


def test_a_leak_that_is_accepted_is_not_reported_again() -> None:
    knowledge, active = knowledge_of([[40, 0], [3, 0]], rows=[0], columns=[])
    leak = knowledge.leak(active)
    assert leak is not None
    knowledge.accept(leak)
    assert knowledge.leak(active) is None
