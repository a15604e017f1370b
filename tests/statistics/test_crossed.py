"""A table by agency and one by service, read together: what an attacker with linear algebra works out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.crossed import Hidden, crossed

FEWEST = 10
Counts = dict[tuple[str, str], int]
TABLES = st.dictionaries(
    st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("stuvwx")),
    st.one_of(st.integers(1, 9), st.integers(10, 60)),
    min_size=1,
    max_size=14,
)


def sums(counts: Counts, side: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for key, n in counts.items():
        totals[key[side]] = totals.get(key[side], 0) + n
    return totals


def alone(counts: Counts) -> Hidden:
    """What each table hides by itself."""
    sides = (sums(counts, 0), sums(counts, 1))
    return Hidden(*(complement(rows, [row for row, n in rows.items() if n < FEWEST], fewest=FEWEST) for rows in sides))


def worked_out(counts: Counts, hidden: Hidden) -> list[str]:
    """The rows of fewer than ten answers that the shown rows and the total tell."""
    atoms = sorted(counts)

    def row(side: int, name: str) -> list[float]:
        return [float(atom[side] == name) for atom in atoms]

    shown = [[1.0] * len(atoms)]
    small = {}
    for side, gone in enumerate(hidden):
        for name, n in sums(counts, side).items():
            if name not in gone:
                shown.append(row(side, name))
            elif n < FEWEST:
                small[name] = row(side, name)
    rank = np.linalg.matrix_rank(np.array(shown))
    return [name for name, own in small.items() if np.linalg.matrix_rank(np.array([*shown, own])) == rank]


def leaves_some(counts: Counts, hidden: Hidden) -> bool:
    return all(len(gone) < len(sums(counts, side)) for side, gone in enumerate(hidden))


@given(TABLES)
def test_no_row_of_few_answers_is_worked_out_from_both_tables(counts: Counts) -> None:
    hidden = crossed(counts, alone(counts), fewest=FEWEST)
    told = worked_out(counts, hidden)
    total = sum(counts.values())
    assert not told or total < FEWEST or min(len(sums(counts, side)) for side in (0, 1)) == 1, (hidden, told)


def test_each_table_by_itself_would_tell() -> None:
    counts = {("A", "s"): 50, ("B", "t"): 7, ("C", "t"): 60}
    assert worked_out(counts, alone(counts)) == ["B"]
    assert worked_out(counts, crossed(counts, alone(counts), fewest=FEWEST)) == []


def test_where_all_agencies_have_the_same_services_nothing_more_is_hidden() -> None:
    counts = {(agency, service): 20 for agency in "ABC" for service in "st"} | {("D", "s"): 4}
    assert crossed(counts, alone(counts), fewest=FEWEST) == alone(counts)
    assert leaves_some(counts, alone(counts))


def hidden(agencies: str = "", services: str = "") -> Hidden:
    return Hidden(frozenset(agencies), frozenset(services))


APART = {("A", "s"): 7, ("B", "u"): 60, ("C", "t"): 50}


@pytest.mark.parametrize(
    ("counts", "before", "after"),
    [
        pytest.param({}, hidden("A"), hidden("A"), id="nothing came"),
        pytest.param(APART, hidden(), hidden(), id="nothing is hidden"),
        pytest.param(APART, hidden("A"), hidden("AC", "st"), id="an agency is its service: both and the next"),
        pytest.param(APART, hidden("", "s"), hidden("AC", "st"), id="a service is its agency"),
        pytest.param(APART, hidden("A", "u"), hidden("AB", "su"), id="what was hidden stays hidden"),
        pytest.param(APART, hidden("B", "s"), hidden("AB", "su"), id="on either side"),
        pytest.param(APART, hidden("B"), hidden("AB", "su"), id="one row is told however large"),
        pytest.param(
            {("A", "s"): 4, ("B", "t"): 5, ("C", "v"): 70, ("D", "u"): 60},
            hidden("AB", "st"),
            hidden("ABD", "stu"),
            id="two that hold fewer than ten together",
        ),
        pytest.param(
            {("A", "s"): 4, ("B", "t"): 6, ("C", "v"): 70, ("D", "u"): 60},
            hidden("AB", "st"),
            hidden("AB", "st"),
            id="two that hold ten",
        ),
        pytest.param(
            {("A", "s"): 4, ("C", "s"): 7, ("D", "s"): 30, ("B", "u"): 60, ("E", "t"): 80},
            hidden("ABC", "u"),
            hidden("ABCDE", "stu"),
            id="what others hide elsewhere hides no row that is alone",
        ),
        pytest.param(
            {("A", "s"): 6, ("B", "s"): 8, ("C", "s"): 30, ("C", "t"): 30},
            hidden("AB"),
            hidden("AB"),
            id="two of a cluster that hold ten",
        ),
        pytest.param(
            {("A", "s"): 4, ("B", "s"): 6, ("C", "t"): 70}, hidden("AB"), hidden("AB"), id="all of a cluster, ten"
        ),
        pytest.param(
            {("A", "s"): 6, ("B", "s"): 6, ("A", "t"): 30, ("B", "t"): 1, ("A", "u"): 10, ("B", "u"): 12},
            hidden("", "s"),
            hidden("", "su"),
            id="the smallest service by what all agencies hold",
        ),
        pytest.param(
            {("A", "s"): 6, ("A", "t"): 6, ("B", "s"): 30, ("B", "t"): 1, ("C", "s"): 10, ("C", "t"): 12},
            hidden("A"),
            hidden("AC"),
            id="the smallest agency by what all its services hold",
        ),
    ],
)
def test_what_is_hidden_further(counts: Counts, before: Hidden, after: Hidden) -> None:
    assert crossed(counts, before, fewest=FEWEST) == after
