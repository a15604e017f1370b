"""The chance of passing is a chance: of years said to pass with 70 %, about 70 % do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import StatisticsError
from analysis.statistics.verdicts.outlook import chance_of_passing

share = st.floats(0, 1)


def test_said_chances_come_true_as_often_as_said() -> None:
    random = np.random.default_rng(1)
    said, passed = [], []
    for _ in range(6000):
        level = random.normal(0.8, 0.04)  # the level itself is unknown, as it is in life
        months = random.normal(level, 0.03, 12)
        outlook = chance_of_passing(months[:8].tolist(), [0.0001] * 8, [100.0] * 8, [100.0] * 4, 0.8)
        assert outlook is not None
        said.append(outlook.chance)
        passed.append(float(months.mean() > 0.8))
    chances, came = np.array(said), np.array(passed)
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1)):
        here = (chances >= low) & (chances <= high)
        assert here.sum() > 100
        assert came[here].mean() == pytest.approx(chances[here].mean(), abs=0.06)


def test_what_the_months_left_must_reach_is_plain_arithmetic() -> None:
    outlook = chance_of_passing([0.7, 0.72, 0.74], [0.0004] * 3, [100, 100, 100], [300], 0.8)
    assert outlook is not None
    assert outlook.needed == pytest.approx(0.88)
    assert outlook.chance < 0.05
    assert outlook.expected == pytest.approx(0.72)


def test_a_year_that_is_over_has_passed_or_not() -> None:
    over = chance_of_passing([0.81] * 12, [0.0] * 12, [10.0] * 12, [], 0.8)
    assert over is not None
    assert (over.chance, over.needed) == (1.0, None)
    exact = chance_of_passing([0.5] * 12, [0.0] * 12, [10.0] * 12, [], 0.5)
    assert exact is not None
    assert exact.chance == 0.0


def test_two_months_or_months_that_cannot_vary_say_nothing() -> None:
    assert chance_of_passing([0.8, 0.9], [0.001] * 2, [10, 10], [10], 0.8) is None
    assert chance_of_passing([1.0] * 5, [0.0] * 5, [10.0] * 5, [10], 0.8) is None


def test_months_alike_by_chance_do_not_look_certain() -> None:
    alike = chance_of_passing([0.81] * 6, [0.0009] * 6, [10.0] * 6, [60], 0.8)
    assert alike is not None
    assert 0.6 < alike.chance < 0.95


@pytest.mark.parametrize(("caseload", "left"), [([10, 0, 10], [10]), ([10, 10], [10]), ([10, 10, 10], [-1])])
def test_numbers_out_of_range_are_refused(caseload: list[float], left: list[float]) -> None:
    with pytest.raises(StatisticsError):
        chance_of_passing([0.8] * 3, [0.001] * 3, caseload, left, 0.8)


@given(st.lists(share, min_size=3, max_size=11), share, share)
def test_a_higher_mark_is_never_likelier(shares: list[float], mark_a: float, mark_b: float) -> None:
    low, high = sorted((mark_a, mark_b))
    months = len(shares)
    easy, hard = (
        chance_of_passing(shares, [0.001] * months, [5.0] * months, [7.0] * (12 - months), mark) for mark in (low, high)
    )
    assert easy is not None
    assert hard is not None
    assert 0 <= hard.chance <= easy.chance <= 1
