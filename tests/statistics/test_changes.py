"""A rise or a fall is said of two months, or of a course of months, only where they bear it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import (
    Cells,
    DomainEstimate,
    Movement,
    StatisticsError,
    chance_of_fall,
    change,
    estimate,
    slope,
    sufficient,
)
from analysis.statistics.changes import LEAST_CHANCE
from benchmarks import change_errors
from benchmarks.change_errors import COURSES, MONTHS, STEADY, drawn, falls, told

SAMPLES = 300
SIDE = 0.025  # of a two-sided interval at 95 %
# Exceeded by a rate of exactly SIDE in one of a thousand (normal bound).
MOST = SIDE + 3.1 * (SIDE * (1 - SIDE) / SAMPLES) ** 0.5


def figures(*counts: tuple[int, int]) -> list[DomainEstimate]:
    """Figures of (satisfied, answers), each of a stratum of its own."""
    names = [f"u{place:02d}" for place in range(len(counts))]
    cells = Cells.from_columns(
        stratum=names,
        post_stratum=names,
        domain=names,
        caseload=[100_000] * len(names),
        responses=[n for _, n in counts],
        satisfied=[s for s, _ in counts],
    )
    return list(estimate(cells, fpc=False).domains)


@pytest.mark.parametrize("truth", [0.8, 0.93])
@pytest.mark.parametrize("earlier", MONTHS, ids=lambda month: month.name)
def test_months_of_one_truth_are_seldom_said_to_have_moved(earlier: change_errors.Case, truth: float) -> None:
    rates = told(drawn((earlier, STEADY), (truth, truth), SAMPLES, seed=1))
    assert max(rates) <= MOST


@pytest.mark.parametrize("truth", [0.8, 0.93])
@pytest.mark.parametrize("course", COURSES)
def test_courses_of_one_truth_are_seldom_said_to_lead_anywhere(course: str, truth: float) -> None:
    months = COURSES[course]
    rates = told(drawn(months, [truth] * len(months), SAMPLES, seed=1))
    assert max(rates) <= MOST


@pytest.mark.parametrize("months", [(STEADY, STEADY), (MONTHS[3], STEADY), (MONTHS[1], STEADY)])
def test_a_drop_cries_wolf_no_more_often_than_its_level(months: tuple[change_errors.Case, ...]) -> None:
    level, samples = 0.01, 1_500
    most = level + 3.1 * (level * (1 - level) / samples) ** 0.5
    assert falls(drawn(months, (0.9, 0.9), samples, seed=1), level) <= most


def test_the_usual_test_takes_twelve_content_answers_for_a_certainty() -> None:
    courses = drawn((MONTHS[0], STEADY), (0.93, 0.93), SAMPLES, seed=1)
    assert change_errors.by_student(courses).down > 0.3


def test_a_fall_of_fifteen_points_is_seen() -> None:
    courses = drawn((STEADY, STEADY), (0.85, 0.70), SAMPLES, seed=1)
    assert told(courses).down > 0.5
    assert falls(courses, 0.05) > 0.5


def test_each_year_is_judged_against_the_year_before() -> None:
    years = figures((700, 1000), (780, 1000), (785, 1000), (600, 1000))
    steps = [change(now, before) for before, now in pairwise(years)]
    assert [step and step.movement for step in steps] == [Movement.RISING, Movement.CANNOT_TELL, Movement.FALLING]
    first = steps[0]
    assert first is not None
    assert first.interval is not None
    assert first.estimate == pytest.approx(0.08)
    assert first.interval.low < 0.08 < first.interval.high
    assert first.interval.level == 0.95


@pytest.mark.parametrize(
    ("before", "now"), [((29, 31), (31, 31)), ((5, 29), (29, 29)), ((200, 400), (29, 29)), ((12, 12), (80, 100))]
)
def test_unanimity_of_few_and_thin_figures_cannot_tell(before: tuple[int, int], now: tuple[int, int]) -> None:
    earlier, later = figures(before, now)
    step = change(later, earlier)
    assert step is not None
    assert step.movement is Movement.CANNOT_TELL
    assert step.interval is not None, "how unsure it is, is said all the same"


def test_without_a_figure_there_is_no_change_and_without_an_interval_none_of_the_change() -> None:
    silent, single, known = figures((0, 0), (1, 1), (29, 40))
    assert change(silent, known) is None
    assert change(known, silent) is None
    assert chance_of_fall(silent, known) is None
    step = change(single, known)
    assert step is not None
    assert (step.interval, step.movement) == (None, Movement.CANNOT_TELL)
    assert slope([(0, known), (1, single)]) is None


def test_parts_of_the_same_days_are_compared_with_their_covariance() -> None:
    a, b = figures((70, 100), (60, 100))
    apart, together = change(a, b), change(a, b, covariance=1e-3)
    assert apart is not None
    assert together is not None
    assert apart.estimate == together.estimate
    assert apart.interval is not None
    assert together.interval is not None
    assert apart.interval.low < together.interval.low < together.interval.high < apart.interval.high


def test_a_slope_through_two_figures_is_their_difference() -> None:
    a, b = figures((70, 100), (60, 100))
    step, line = change(b, a), slope([(3, a), (4, b)])
    assert step is not None
    assert line is not None
    assert step.interval is not None
    assert line.interval is not None
    assert (line.estimate, line.interval.low, line.interval.high) == pytest.approx(
        (step.estimate, step.interval.low, step.interval.high)
    )


def test_a_slope_needs_two_different_times() -> None:
    with pytest.raises(StatisticsError, match="hai kỳ"):
        slope([(1, figure) for figure in figures((70, 100), (60, 100))])


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(30, 400)), min_size=2, max_size=2))
def test_the_chance_of_a_fall_says_what_its_interval_says(counts: list[tuple[int, int]]) -> None:
    earlier, later = figures(*((min(s, n), n) for s, n in counts))
    step, chance = change(later, earlier), chance_of_fall(later, earlier)
    assert step is not None
    assert step.interval is not None
    assert chance is not None
    assert LEAST_CHANCE <= chance <= 0.5
    if abs(step.interval.high) > 1e-9:
        assert (chance < SIDE) == (step.interval.high < 0)
    if sufficient(earlier) and sufficient(later) and step.movement is Movement.FALLING:
        assert chance < SIDE
