"""What is published gives nothing hidden back: not by itself, not by sums, not beside the edition before."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import (
    Audience,
    Cells,
    Showing,
    StatisticsError,
    SumConstraint,
    TableEdition,
    estimate,
    hidden_count,
    showing,
    suppress,
    suppress_table,
)
from analysis.statistics.disclosure.primary import table_lines

TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 14), min_size=columns, max_size=columns), min_size=1, max_size=5)
)


def test_counts_under_five_are_hidden() -> None:
    assert [hidden_count(n) for n in (0, 4, 5)] == [True, True, False]


def test_a_row_with_one_hidden_cell_hides_its_next_smallest() -> None:
    line = SumConstraint((0, 1, 2), 3)
    assert suppress([3, 20, 8, 31], [line]).tolist() == [True, False, True, False]
    assert suppress([30, 20, 8, 58], [line]).tolist() == [False] * 4


def test_two_hidden_cells_that_add_to_under_five_are_not_enough() -> None:
    """Their sum is the total less the visible ones: a count under 5."""
    assert suppress([2, 2, 30, 7, 41], [SumConstraint((0, 1, 2, 3), 4)]).tolist() == [True, True, False, True, False]


def test_a_small_cell_of_a_table_takes_a_rectangle_with_it() -> None:
    edition = suppress_table([[3, 20, 30], [12, 40, 50], [60, 70, 80]])
    assert edition.hidden[:2, :2].all()
    assert edition.hidden.sum() == 4
    assert edition.counts[-1].tolist() == [75, 130, 160, 365]


def unknowns_fixed_by_sums(edition: TableEdition, told: tuple[tuple[int, ...], ...] = ()) -> list[tuple[int, int]]:
    """Hidden cells with a single value over all tables that agree with what is shown, by rank of the equations.

    `told`: columns whose sum is known of each row.
    """
    shape = edition.counts.shape
    hidden = np.flatnonzero(edition.hidden.ravel())
    lines = table_lines(shape[0] - 1, shape[1] - 1)
    matrix = np.zeros((len(lines), edition.counts.size))
    for row, line in enumerate(lines):
        matrix[row, list(line.parts)] = 1
        matrix[row, line.total] = -1
    rows = np.arange(edition.counts.size).reshape(shape)
    sums = np.zeros((shape[0] * len(told), edition.counts.size))
    for row, (cells, columns) in enumerate(product(rows, told)):
        sums[row, cells[list(columns)]] = 1
    equations = np.vstack([matrix, sums])[:, hidden]
    rank = np.linalg.matrix_rank(equations)
    fixed = []
    for position, cell in enumerate(hidden):
        unit = np.zeros(len(hidden))
        unit[position] = 1
        if np.linalg.matrix_rank(np.vstack([equations, unit])) == rank:
            fixed.append(tuple(int(i) for i in np.unravel_index(cell, shape)))
    return fixed


@given(TABLES)
@settings(max_examples=200)
def test_sums_give_nothing_back(table: list[list[int]]) -> None:
    edition = suppress_table(table)
    assert edition.hidden[edition.counts < 5].all()
    assert unknowns_fixed_by_sums(edition) == []


RATINGS = st.lists(st.lists(st.integers(0, 14), min_size=5, max_size=5), min_size=1, max_size=4)
SIDES = ((0, 1, 2), (3, 4))


@given(RATINGS)
@settings(max_examples=200)
def test_a_published_share_beside_a_table_gives_nothing_back(table: list[list[int]]) -> None:
    """How many were satisfied is that share of all who answered, so two groups of columns have a known sum."""
    edition = suppress_table(table, told=SIDES)
    everybody = {(row, 5) for row in range(len(table) + 1)}  # all who answered: told beside the share
    assert set(unknowns_fixed_by_sums(edition, SIDES)) - everybody == set()


@given(TABLES)
def test_what_a_line_hides_adds_to_five_or_more_or_to_everything(table: list[list[int]]) -> None:
    edition = suppress_table(table)
    flat, hidden = edition.counts.ravel(), edition.hidden.ravel()
    for line in table_lines(len(table), len(table[0])):
        parts = [i for i in line.parts if hidden[i]]
        if parts and not hidden[line.total]:
            assert flat[parts].sum() >= 5


def test_two_blocks_joined_by_one_cell_do_not_give_it_away() -> None:
    """Every row and column hides two cells or none, yet the joining cell would follow from all the sums together."""
    table = np.full((5, 5), 40)
    for cell in [(0, 0), (0, 1), (1, 0), (1, 1), (3, 3), (3, 4), (4, 3), (4, 4), (1, 3)]:
        table[cell] = 3
    edition = suppress_table(table)
    assert unknowns_fixed_by_sums(edition) == []


def test_an_edition_that_grew_by_a_few_does_not_show_those_few() -> None:
    first = suppress_table([[40, 50], [60, 70]])
    assert not first.hidden.any()
    second = suppress_table([[42, 50], [60, 80]], previous=first)
    assert second.hidden[0, 0]
    assert unknowns_fixed_by_sums(second) == []


def test_a_cell_hidden_before_stays_hidden_until_it_has_moved_by_five() -> None:
    first = suppress_table([[3, 50, 60], [60, 70, 80]])
    assert suppress_table([[7, 50, 60], [60, 70, 80]], previous=first).hidden[0, 0]
    assert not suppress_table([[20, 60, 70], [70, 80, 90]], previous=first).hidden.any()


def test_the_same_edition_again_shows_the_same() -> None:
    first = suppress_table([[3, 50, 60], [60, 70, 80]])
    again = suppress_table([[3, 50, 60], [60, 70, 80]], previous=first)
    assert again.hidden.tolist() == first.hidden.tolist()


@given(TABLES, st.data())
@settings(max_examples=60)
def test_no_difference_of_two_editions_is_a_small_count(table: list[list[int]], data: st.DataObject) -> None:
    first = suppress_table(table)
    grown = [[n + data.draw(st.integers(0, 12)) for n in row] for row in table]
    second = suppress_table(grown, previous=first)
    both = ~first.hidden & ~second.hidden
    moved = (second.counts - first.counts)[both]
    assert not ((moved > 0) & (moved < 5)).any()
    assert unknowns_fixed_by_sums(second) == []


def test_tables_that_do_not_add_up_or_differ_in_shape_are_refused() -> None:
    with pytest.raises(StatisticsError, match="không bằng tổng"):
        suppress([1, 2, 4], [SumConstraint((0, 1), 2)])
    with pytest.raises(StatisticsError, match="đúng các ô"):
        suppress_table([[9, 9]], previous=suppress_table([[9], [9]]))
    with pytest.raises(StatisticsError, match="hàng và cột"):
        suppress_table([9, 9])


def shown(satisfied: int, responses: int, audience: Audience) -> Showing:
    columns = {"stratum": ["a"], "post_stratum": ["a"], "caseload": [10_000]}
    cells = Cells.from_columns(**columns, responses=[responses], satisfied=[satisfied])
    return showing(estimate(cells).domains[0], audience)


@pytest.mark.parametrize(
    ("satisfied", "responses", "staff", "public"),
    [
        (7, 9, "suppressed", "suppressed"),
        (8, 10, "reference", "suppressed"),
        (25, 29, "reference", "suppressed"),
        (29, 30, "full", "full"),
        (30, 31, "full", "full"),
        (20, 31, "full", "suppressed"),
        (60, 100, "full", "full"),
    ],
)
def test_who_may_see_a_percentage(satisfied: int, responses: int, staff: str, public: str) -> None:
    assert shown(satisfied, responses, Audience.STAFF) == staff
    assert shown(satisfied, responses, Audience.PUBLIC) == public
