"""A drip is seen within the month, and a month in which nothing is wrong is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.statistics.detection.drips import MONTH, DayModel, rise, usual_day
from analysis.statistics.detection.signals import FALSE_ALARMS
from benchmarks import drips

RUNS = 200
LIMIT = FALSE_ALARMS + 3.1 * (FALSE_ALARMS * (1 - FALSE_ALARMS) / RUNS) ** 0.5


@pytest.mark.parametrize("case", list(drips.CASES))
def test_a_province_of_sixty_counters_cries_wolf_in_no_more_months_than_stated(case: str) -> None:
    assert drips.false_alarms(np.random.default_rng(11), 6.0, case, RUNS) <= LIMIT


def test_ten_answers_more_a_day_where_six_are_usual_are_seen() -> None:
    assert drips.power(np.random.default_rng(12), 6.0, "even", 10, 50) > 0.95


def test_the_chance_of_a_height_is_the_share_of_months_that_reach_it() -> None:
    random, usual = np.random.default_rng(13), DayModel(8.0, 4.0)
    days = random.poisson(8.0 * random.gamma(4.0, 1 / 4.0, (20_000, MONTH)))
    shown = rise([8] * 10 + [18, 18, 16] + [0] * 10, usual)
    assert shown is not None
    assert (shown.first, shown.last) == (10, 12)
    height, reference = 22, 10  # k = 1.25 x 8; the sum reaches 8, 16, then 22
    total, reached = np.zeros(20_000), np.zeros(20_000, dtype=bool)
    for day in days.T:
        total = np.maximum(0, total + day - reference)
        reached |= total >= height
    assert shown.p == pytest.approx(reached.mean(), abs=0.015)


def test_a_day_model_is_unfavourable_and_knows_its_tail() -> None:
    usual = usual_day([4, 6, 5, 3, 7, 5, 5, 4, 6, 5])
    assert usual.mean > 5
    assert usual.at_least(0) == 1.0
    assert usual.at_least(30) < 1e-4
    assert DayModel(10.0, 1e9).at_least(20) == pytest.approx(0.003454, rel=1e-2)  # Poisson


def test_one_crowded_day_is_no_drip() -> None:
    usual = usual_day([4, 6, 5, 3, 7, 5, 5, 4, 6, 5] * 3)
    one_day = rise([5] * 10 + [200] + [5] * 10, usual)
    assert one_day is not None
    assert one_day.p > 0.001
    assert one_day.first == one_day.last


def test_a_month_below_the_usual_has_no_rise() -> None:
    assert rise([1] * 20, DayModel(5.0, 5.0)) is None
