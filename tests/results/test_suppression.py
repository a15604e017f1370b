"""Nothing small can be worked out from what is published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.disclosure.complementary import (
    complement,
    complement_of_all,
    is_safe_difference,
)

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 200), min_size=1)


@given(counts=COUNTS, data=st.data())
def test_what_is_hidden_is_never_alone_and_never_small(counts: dict[str, int], data: st.DataObject) -> None:
    small = [row for row, n in counts.items() if 0 < n < 30]
    hidden = complement(counts, small)
    assert set(small) <= hidden
    assert all(counts[row] > 0 for row in hidden)
    shown = [row for row in counts if row not in hidden and counts[row] > 0]
    if hidden and shown:
        assert len(hidden) > 1
        assert sum(counts[row] for row in hidden) >= 30


def test_one_hidden_row_takes_the_next_smallest_with_it() -> None:
    assert complement({"a": 3, "b": 40, "c": 90, "d": 0}, ["a"]) == {"a", "b"}


def test_rows_that_hold_enough_together_need_no_other() -> None:
    assert complement({"a": 16, "b": 17, "c": 90}, ["a", "b"]) == {"a", "b"}


def test_two_hidden_rows_with_few_answers_take_another_with_them() -> None:
    assert complement({"a": 3, "b": 4, "c": 90, "d": 95}, ["a", "b"]) == {"a", "b", "c"}


def test_a_table_with_nothing_small_stays_whole() -> None:
    assert complement({"a": 30, "b": 0}, []) == frozenset()


def test_a_difference_is_safe_when_it_is_nothing_or_large() -> None:
    assert [is_safe_difference(n) for n in (0, 1, 29, 30, -29, -30)] == [True, False, False, True, False, True]


def test_a_row_without_answers_has_nothing_to_hide() -> None:
    assert complement({"a": 0, "b": 40, "c": 50}, ["a"]) == frozenset()


def test_of_the_rows_shown_the_smallest_goes_whatever_its_name() -> None:
    assert complement({"a": 3, "b": 90, "c": 40}, ["a"]) == {"a", "c"}
    assert complement({"a": 1, "b": 90, "c": 40}, ["a"]) == {"a", "c"}
    assert complement({"a": 35, "b": 1, "c": 40}, ["a"]) == {"a", "b"}


@pytest.mark.parametrize("alone", [29, 30, 35])
def test_one_hidden_row_never_stays_alone_however_much_it_holds(alone: int) -> None:
    assert complement({"a": alone, "b": 40}, ["a"]) == {"a", "b"}


def test_answers_of_no_row_are_a_hidden_row_of_their_own() -> None:
    assert complement({"a": 40, "b": 50}, [], untold=1) == {"a"}
    assert complement({"a": 40, "b": 50}, [], untold=29) == {"a"}
    assert complement({"a": 40, "b": 50}, [], untold=30) == frozenset()
    assert complement({"a": 3, "b": 40}, ["a"], untold=40) == {"a"}
    assert complement({"a": 29, "b": 40}, ["a"], untold=1) == {"a"}
    assert complement({"a": 28, "b": 40}, ["a"], untold=1) == {"a", "b"}


def test_what_one_count_hides_stays_hidden_beside_every_other_count() -> None:
    answers, received = {"a": 3, "b": 40, "c": 50, "d": 90}, {"a": 50, "b": 70, "c": 60, "d": 90}
    assert complement_of_all([(answers, 0), (received, 0)], ["a"]) == {"a", "b", "c"}
    later = {"a": 0, "b": 4, "c": 31, "d": 33}  # only once b is hidden does this one need c
    assert complement_of_all([(answers, 0), (later, 0)], ["a"]) == {"a", "b", "c"}
    assert complement_of_all([(answers, 0)], ["d", "c"]) == {"c", "d"}


def test_the_limit_and_what_no_row_says_hold_for_each_count() -> None:
    counts = {"a": 6, "b": 7, "c": 90}
    assert complement_of_all([(counts, 0)], ["a", "b"], fewest=10) == {"a", "b"}
    assert complement_of_all([(counts, 0)], ["a", "b"]) == {"a", "b", "c"}
    assert complement_of_all([({"a": 40, "b": 50}, 1)], []) == {"a"}
    assert complement_of_all([({"a": 40, "b": 50}, 0)], []) == frozenset()
