"""Detectors cry wolf no more often than they say, and do cry when there is a wolf."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.detection.signals import (
    FALSE_ALARMS,
    alike_p,
    bursts,
    chart_point,
    intraclass_correlation,
    silence_p,
)

RUNS = 1500
# A rate of exactly 5 % is exceeded in 1500 runs by this much in one of a thousand suites (normal bound).
LIMIT = FALSE_ALARMS + 3.1 * (FALSE_ALARMS * (1 - FALSE_ALARMS) / RUNS) ** 0.5


def rate(alarms: list[bool]) -> float:
    return sum(alarms) / len(alarms)


@pytest.mark.parametrize("day_effect", [0.0, 0.06])
def test_a_stable_agency_leaves_its_chart_no_more_often_than_stated(day_effect: float) -> None:
    random = np.random.default_rng(1)

    def month_outside() -> bool:
        n = random.integers(60, 400, 19)
        p = np.clip(0.8 + random.normal(0, day_effect, 19), 0.02, 0.98)  # months differ by more than chance
        point = chart_point(n.tolist(), random.binomial(n, p).tolist(), level=FALSE_ALARMS)
        return point is not None and point.p <= FALSE_ALARMS

    assert rate([month_outside() for _ in range(RUNS)]) <= LIMIT


def test_a_month_far_below_the_others_leaves_the_chart() -> None:
    n = [200] * 13
    satisfied = [160, 164, 158, 161, 163, 157, 160, 162, 159, 161, 160, 158, 100]
    point = chart_point(n, satisfied, level=0.05 / 100)
    assert point is not None
    assert point.share < point.lower
    assert point.p < 0.05 / 100
    still = chart_point(n, [*satisfied[:-1], 160], level=0.05 / 100)
    assert still is not None
    assert still.lower < still.share < still.upper


def test_a_short_history_has_no_chart() -> None:
    assert chart_point([50] * 8, [40] * 8, level=0.05) is None
    assert chart_point([0] * 12 + [50], [0] * 12 + [40], level=0.05) is None
    assert chart_point([50] * 12, [50] * 12, level=0.05) is None


def test_people_who_come_by_chance_make_no_bursts_more_often_than_stated() -> None:
    random = np.random.default_rng(2)

    def counter_day() -> bool:
        by_hour = dict(enumerate(random.poisson(7.5, 8).tolist(), start=8))
        return bool(bursts(by_hour, hourly=7.5, level=FALSE_ALARMS))

    assert rate([counter_day() for _ in range(RUNS)]) <= LIMIT


def test_thirty_answers_more_than_usual_are_a_burst_of_their_hour_whatever_lies_around_it() -> None:
    random = np.random.default_rng(3)
    by_hour = dict(enumerate(random.poisson(5, 8).tolist(), start=8))
    (burst,) = bursts({**by_hour, 11: by_hour[11] + 30}, hourly=8, level=FALSE_ALARMS / 3000)
    assert (burst.hour, burst.answers, burst.expected) == (11, by_hour[11] + 30, 8)


def test_a_day_of_alike_sheets_is_no_alarm_where_days_are_like_that() -> None:
    random = np.random.default_rng(4)
    correlation, share = 0.1, 0.4
    scale = (1 - correlation) / correlation

    def counter_day() -> bool:
        alike = random.binomial(60, random.beta(share * scale, (1 - share) * scale))
        return alike_p(alike, 60, share=share, correlation=correlation, patterns=1) <= FALSE_ALARMS

    assert rate([counter_day() for _ in range(RUNS)]) <= LIMIT


def test_sheets_equal_to_the_last_tick_are_improbable_where_they_are_rare() -> None:
    assert alike_p(35, 40, share=0.05, correlation=0.05, patterns=6) < 1e-9
    assert alike_p(12, 40, share=0.3, correlation=0.05, patterns=20) > 0.05


def test_the_correlation_of_a_day_is_recovered_and_never_taken_for_nothing() -> None:
    random = np.random.default_rng(5)
    scale = (1 - 0.3) / 0.3
    alike = random.binomial(50, random.beta(0.5 * scale, 0.5 * scale, 400))
    assert intraclass_correlation(np.full(400, 50), alike) == pytest.approx(0.3, abs=0.05)
    assert intraclass_correlation(np.full(400, 50), random.binomial(50, 0.5, 400)) == 0.05
    assert intraclass_correlation([5], [3]) == 0.05


@pytest.mark.parametrize("silent_days", [0.05, 0.4])
def test_a_counter_that_is_often_empty_goes_quiet_no_more_often_than_stated(silent_days: float) -> None:
    random = np.random.default_rng(6)

    def silence() -> bool:
        quiet = random.random(50) < silent_days
        length = int(np.argmin(quiet[::-1])) if not quiet.all() else 50
        earlier = quiet[: 50 - length]
        return length > 0 and silence_p(length, len(earlier), int(earlier.sum())) <= FALSE_ALARMS

    assert rate([silence() for _ in range(RUNS)]) <= LIMIT


def test_a_counter_that_never_missed_a_day_is_missed_soon_and_a_sleepy_one_late() -> None:
    level = FALSE_ALARMS / (31 * 200)
    assert silence_p(4, 45, 0) <= level < silence_p(2, 45, 0)
    assert silence_p(10, 45, 22) > level


@given(st.dictionaries(st.integers(0, 23), st.integers(0, 200)), st.floats(0.5, 60))
def test_bursts_lie_in_order_and_hold_more_than_expected(by_hour: dict[int, int], hourly: float) -> None:
    episodes = bursts(by_hour, hourly=hourly, level=0.01)
    assert all(a.hour < b.hour for a, b in pairwise(episodes))
    assert all(episode.answers > episode.expected and 0 <= episode.p <= 0.01 / 24 for episode in episodes)
