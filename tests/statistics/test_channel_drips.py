"""A channel that drifts from the others is seen, and a month in which nothing is wrong is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.signals.queries import ChannelDay
from analysis.statistics.detection.signals import FALSE_ALARMS, gap_point
from benchmarks import channel_drips
from benchmarks.channel_drips import FIRST, LAST, agencies_found, counters_found, find_channel_flows

RUNS = 1500
LIMIT = FALSE_ALARMS + 3.1 * (FALSE_ALARMS * (1 - FALSE_ALARMS) / RUNS) ** 0.5


@pytest.mark.parametrize("spread", [0.0, 0.06])
def test_a_part_that_keeps_its_distance_leaves_its_limits_no_more_often_than_stated(spread: float) -> None:
    random = np.random.default_rng(3)

    def is_outside() -> bool:
        n, others = random.integers(15, 80, 14), random.integers(40, 400, 14)
        together = random.normal(0, 0.1, 14)
        own = np.clip(0.75 + together + random.normal(0, spread, 14), 0.02, 0.98)
        satisfied = random.binomial(n, own), random.binomial(others, np.clip(0.85 + together, 0.02, 0.98))
        point = gap_point(n.tolist(), satisfied[0].tolist(), others.tolist(), satisfied[1].tolist(), level=FALSE_ALARMS)
        return point is not None and point.p <= FALSE_ALARMS

    assert sum(is_outside() for _ in range(RUNS)) / RUNS <= LIMIT


def test_what_moves_by_every_channel_is_no_gap_and_what_moves_by_one_is() -> None:
    n, others, level = [160] * 13, [400] * 13, 0.05 / 100
    usual, usual_others = [116, 124, 120, 118, 122, 120] * 2, [332, 348, 340, 336, 344, 340] * 2
    both = gap_point(n, [*usual, 96], others, [*usual_others, 280], level=level)
    alone = gap_point(n, [*usual, 160], others, [*usual_others, 340], level=level)
    assert both is not None
    assert alone is not None
    assert both.lower < both.share - both.others < both.upper
    assert both.p > 0.1
    assert (alone.share, alone.others, alone.usual) == pytest.approx((1.0, 0.85, -0.1), abs=0.005)
    assert alone.p < level


def test_a_short_history_and_thin_months_tell_of_no_gap() -> None:
    assert gap_point([40] * 8, [30] * 8, [40] * 8, [30] * 8, level=0.05) is None
    assert gap_point([40] * 12 + [9], [30] * 12 + [9], [40] * 13, [30] * 13, level=0.05) is None
    assert gap_point([40] * 13, [30] * 13, [5] * 13, [4] * 13, level=0.05) is None


@pytest.mark.parametrize("case", channel_drips.SHARES)
def test_sixty_counters_seem_to_move_to_a_channel_in_hardly_any_month(case: str) -> None:
    random = np.random.default_rng(11)
    assert sum(bool(counters_found(random, 6.0, case)) for _ in range(12)) <= 3


@pytest.mark.parametrize("case", channel_drips.LEVELS)
def test_sixty_agencies_channels_seem_to_drift_apart_in_hardly_any_month(case: str) -> None:
    random = np.random.default_rng(12)
    assert sum(bool(agencies_found(random, 10.0, case)) for _ in range(12)) <= 3


def test_ten_content_answers_more_a_day_by_one_channel_are_seen_both_ways() -> None:
    random = np.random.default_rng(13)
    assert sum(0 in counters_found(random, 6.0, "even", 10) for _ in range(5)) >= 4
    assert sum(0 in agencies_found(random, 25.0, "together", 20) for _ in range(5)) >= 4


def test_a_counter_with_one_channel_alone_has_none_to_set_beside() -> None:
    days = [ChannelDay(1, "qr", day, 8 if day < FIRST else 40) for day in channel_drips.WORKING]
    assert list(find_channel_flows(days, FIRST, LAST)) == []
