"""Plain counts are divided exactly, and a count that cannot be is refused by name."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import StatisticsError, Threshold
from analysis.statistics.counts import coverage_holds, exact_share, mean_count, share_of, stock_weight
from analysis.statistics.detection.signals import FALSE_ALARMS, level_of, usual_share


@pytest.mark.parametrize(
    ("reached", "target", "holds"),
    [
        (3, ">60", False),
        (3, ">=60", True),
        (3, "=60", True),
        (4, ">60", True),
        (4, "=100", False),
        (5, "=100", True),
        (2, ">=60", False),
    ],
)
def test_a_coverage_target_is_taken_at_its_word(reached: int, target: str, holds: bool) -> None:
    assert coverage_holds(reached, 5, Threshold.parse(target)) is holds


def test_a_third_of_the_units_is_exactly_a_third() -> None:
    third = Threshold(">=", Fraction(1, 3))
    assert coverage_holds(100, 300, third) is True
    assert coverage_holds(100, 300, Threshold(">", Fraction(1, 3))) is False


def test_nothing_counted_has_no_share() -> None:
    assert share_of(0, 0) is None
    assert exact_share(0, 0) is None
    assert coverage_holds(0, 0, Threshold.parse(">60")) is None
    assert mean_count([]) is None


@pytest.mark.parametrize(("part", "whole"), [(-1, 4), (5, 4), (math.nan, 4), (1, math.inf), (1, math.nan)])
def test_a_part_outside_its_whole_is_refused(part: float, whole: float) -> None:
    with pytest.raises(StatisticsError) as refused:
        share_of(part, whole)
    assert refused.value.code == "share"


@pytest.mark.parametrize("count", [-1.0, math.nan, math.inf])
def test_a_count_that_is_none_is_refused(count: float) -> None:
    with pytest.raises(StatisticsError) as refused:
        mean_count([3.0, count])
    assert refused.value.code == "counts"


def test_a_stock_needs_a_month() -> None:
    with pytest.raises(StatisticsError) as refused:
        stock_weight(0, 0)
    assert refused.value.code == "months"


@given(
    stock=st.integers(0, 10**6),
    covered=st.lists(st.fractions(Fraction(1, 31), 1, max_denominator=31), min_size=1, max_size=12),
)
def test_a_stock_that_never_changes_is_its_own_mean_however_much_of_its_months_counts(
    stock: int, covered: list[Fraction]
) -> None:
    assert sum(stock * stock_weight(part, sum(covered)) for part in covered) == stock


@given(tests=st.integers(0, 10**6))
def test_the_tests_of_a_family_share_its_false_alarms(tests: int) -> None:
    assert level_of(tests) * max(tests, 1) == pytest.approx(FALSE_ALARMS)


@given(alike=st.integers(0, 50), others=st.integers(0, 1000))
def test_a_sheet_is_never_impossible_nor_certain(alike: int, others: int) -> None:
    assert 0 < usual_share(alike, alike + others) < 1
