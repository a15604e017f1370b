"""Differences, trends, ranks, charts, bounds and stuffing, where the fixtures do not reach."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import (
    Cells,
    DomainEstimate,
    Estimation,
    StatisticsError,
    Threshold,
    Treatment,
    benjamini_hochberg,
    contrast,
    difference,
    estimate,
    laney_p_prime,
    linear_trend,
    mann_kendall,
    manski_bounds,
    rank,
    rank_sets,
    robust_verdict,
    stuffing_figures,
    tipping_share,
)


def units(*counts: tuple[int, int]) -> Estimation:
    names = [f"u{i:02d}" for i in range(len(counts))]
    cells = Cells.from_columns(
        stratum=names,
        post_stratum=names,
        domain=names,
        caseload=[100_000] * len(names),
        responses=[n for _, n in counts],
        satisfied=[s for s, _ in counts],
    )
    return estimate(cells, fpc=False)


def year(satisfied: int, responses: int) -> DomainEstimate:
    return units((satisfied, responses)).domains[0]


def test_a_difference_without_variance_has_no_statistic() -> None:
    ours = difference(year(40, 40), year(40, 40))
    assert (ours.estimate, ours.standard_error, ours.statistic, ours.interval) == (0.0, 0.0, None, None)
    assert difference(units((0, 0)).domains[0], year(3, 4)) is None


def test_channels_that_share_counters_are_compared_with_their_covariance() -> None:
    a, b = year(70, 100), year(60, 100)
    apart, together = difference(a, b), difference(a, b, covariance=1e-3)
    assert together.standard_error**2 == pytest.approx(apart.standard_error**2 - 2e-3)
    assert (apart.df, together.df) == (198, 99)


def test_a_trend_needs_two_periods_and_finite_numbers() -> None:
    with pytest.raises(StatisticsError, match="hai kỳ"):
        linear_trend([0.5], [[0.1]], df=5)
    with pytest.raises(StatisticsError, match="hữu hạn"):
        contrast([0.5, float("nan")], np.eye(2), [1, -1], df=5)


def test_mann_kendall_waits_for_eight_months() -> None:
    assert mann_kendall([0.1 * i for i in range(7)]) is None
    assert mann_kendall([0.1 * i for i in range(8)]).tau == pytest.approx(1.0)
    assert mann_kendall([0.5] * 8) is None


@given(st.lists(st.integers(0, 40), min_size=8, max_size=40), st.booleans())
def test_mann_kendall_is_scipy_s_kendall_tau_with_ties_and_without(values: list[int], all_differ: bool) -> None:
    months = random.Random(sum(values)).sample(range(100), len(values)) if all_differ else values
    method = "exact" if len(set(months)) == len(months) else "auto"
    theirs = scipy.stats.kendalltau(range(len(months)), months, method=method)
    ours = mann_kendall([float(month) for month in months])
    if ours is None:
        assert len(set(months)) == 1
    else:
        assert ours.tau == pytest.approx(theirs.statistic, abs=1e-12)
        assert ours.p_two_sided == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-15)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=20))
def test_adjusting_never_helps_a_unit_and_keeps_the_order(p_values: list[float | None]) -> None:
    adjusted = benjamini_hochberg(p_values)
    assert [rank_set is None for rank_set in adjusted] == [value is None for value in p_values]
    known = sorted((p, q) for p, q in zip(p_values, adjusted, strict=True) if p is not None)
    assert all(p <= q <= 1 for p, q in known)
    assert [q for _, q in known] == sorted(q for _, q in known)


def test_insufficient_units_leave_the_ranking() -> None:
    result = units((900, 1000), (700, 1000), (20, 20), (500, 1000))
    ranks = rank(result.domains, result.covariance)
    assert [(rank_set.best, rank_set.worst) if rank_set else None for rank_set in ranks] == [
        (1, 1),
        (2, 2),
        None,
        (3, 3),
    ]


def test_alike_units_share_all_ranks() -> None:
    result = units((80, 100), (80, 100), (81, 100))
    assert {(rank_set.best, rank_set.worst) for rank_set in rank(result.domains, result.covariance)} == {(1, 3)}


def test_unanimous_units_are_not_ranked_with_certainty() -> None:
    result = units((31, 31), (30, 31), (29, 31))
    assert {(rank_set.best, rank_set.worst) for rank_set in rank(result.domains, result.covariance)} == {(1, 3)}


def test_few_days_make_ranks_less_sure() -> None:
    """Two units 3 standard errors apart: told apart with many degrees of freedom, not with three each (Welch: 6)."""
    p, c = [0.70, 0.70 + 3 * 0.03 * 2**0.5], np.eye(2) * 0.03**2
    sure, unsure = rank_sets(p, c, level=0.02), rank_sets(p, c, df=[3, 3], level=0.02)
    assert [(rank_set.best, rank_set.worst) for rank_set in sure] == [(2, 2), (1, 1)]
    assert [(rank_set.best, rank_set.worst) for rank_set in unsure] == [(1, 2), (1, 2)]
    assert rank_sets(p, c, df=[1e9, 1e9], level=0.02) == sure


def test_the_pair_s_degrees_of_freedom_are_welch_s() -> None:
    """t.test(var.equal = FALSE): the pair is told apart exactly from the level on that its p-value has."""
    v, df = np.array([0.0009, 0.0001]), np.array([4.0, 30.0])
    welch = v.sum() ** 2 / (v**2 / df).sum()
    assert df.min() < welch < df.sum()
    p_value = float(scipy.stats.t.sf(0.06 / v.sum() ** 0.5, welch))
    for level, told in ((2 * p_value * 1.001, True), (2 * p_value * 0.999, False)):  # Holm: two ordered pairs
        ranks = rank_sets([0.76, 0.70], np.diag(v), df=df, level=level)
        assert ((ranks[0].best, ranks[0].worst) == (1, 1)) == told


def test_units_of_the_same_days_are_told_apart_by_their_covariance() -> None:
    """T = .04 / sqrt(2 x .0004 - 2 x .00038): 6.3 standard errors, without the covariance 1.4, against it 1.0."""
    p, own = [0.80, 0.76], 0.0004
    worst = [rank_sets(p, [[own, shared], [shared, own]])[0].worst for shared in (0.00038, 0.0, -0.00038)]
    assert worst == [1, 2, 2]


def test_a_contrast_has_student_s_interval_and_p() -> None:
    """qt(.975, 20) = 2.085963 and qt(.95, 20) = 1.724718 around .1; 2 * pt(-.1 / se, 20)."""
    v = [[0.0004, 0.0001], [0.0001, 0.0009]]
    error = 0.0011**0.5
    for level, quantile in ((0.95, 2.0859634), (0.90, 1.7247182)):
        ours = contrast([0.8, 0.7], v, [1, -1], df=20, level=level)
        assert (ours.estimate, ours.standard_error) == pytest.approx((0.1, error))
        assert (ours.interval.low, ours.interval.high) == pytest.approx(
            (0.1 - quantile * error, 0.1 + quantile * error)
        )
        assert ours.interval.level == level
        assert ours.p_two_sided == pytest.approx(2 * scipy.stats.t.sf(0.1 / error, 20))
    assert contrast([0.8, 0.7], v, [1, -1], df=20).interval.level == 0.95
    assert contrast([0.8, 0.7], v, [1, -1], df=1).statistic == pytest.approx(0.1 / error)
    assert contrast([0.8, 0.7], v, [1, -1], df=0).interval is None
    with pytest.raises(StatisticsError, match="cùng số lượng"):
        contrast([0.8, 0.7], v, [1, -1, 0], df=20)
    with pytest.raises(StatisticsError, match="cùng số lượng"):
        contrast([0.8, 0.7], np.eye(3), [1, -1], df=20)


def test_a_slope_takes_the_times_it_is_given() -> None:
    """lm(p ~ t): months 1, 2, 4 with .5, .6, .8 rise by .1 a month; one time twice has no slope."""
    assert linear_trend([0.5, 0.6, 0.8], np.eye(3) * 1e-4, df=9, times=[1, 2, 4]).estimate == pytest.approx(0.1)
    assert linear_trend([0.5, 0.6, 0.7], np.eye(3) * 1e-4, df=9).standard_error == pytest.approx((1e-4 / 2) ** 0.5)
    with pytest.raises(StatisticsError, match="hai kỳ"):
        linear_trend([0.5, 0.6], np.eye(2), df=9, times=[3, 3])


@given(st.lists(st.tuples(st.integers(0, 100), st.just(100)), min_size=1, max_size=8))
def test_the_naive_rank_lies_in_its_interval(counts: list[tuple[int, int]]) -> None:
    p = [s / n for s, n in counts]
    ranks = rank_sets(p, np.diag([max(x * (1 - x), 0.01) / 100 for x in p]))
    for value, interval in zip(p, ranks, strict=True):
        assert interval.best <= 1 + sum(other > value for other in p)
        assert interval.worst >= len(p) - sum(other < value for other in p)


def test_a_chart_skips_silent_months_and_marks_the_odd_one() -> None:
    n = [200, 200, 0, 200, 200, 200, 200, 200]
    chart = laney_p_prime(n, [160, 162, 0, 158, 161, 159, 160, 90])
    assert np.isnan(chart.share[2])
    assert chart.signals.count(True) == 1
    assert chart.signals[-1]
    assert laney_p_prime([10, 0], [5, 0]) is None
    assert laney_p_prime([10, 10], [10, 10]) is None
    with pytest.raises(StatisticsError, match="từ 0 đến"):
        laney_p_prime([10], [11])


def test_bounds_hold_whatever_the_silent_ones_think() -> None:
    bounds = manski_bounds(70, 100, 400)
    assert (bounds.low, bounds.high) == (70 / 400, 370 / 400)
    assert manski_bounds(70, 100, 90) is None
    assert tipping_share(70, 100, 400, Fraction(4, 5)) == pytest.approx((0.8 - 70 / 400) / 0.75)
    assert tipping_share(70, 100, 100, Fraction(4, 5)) is None


def days(*flagged: tuple[int, int]) -> tuple[Cells, list[int]]:
    """Thirty ordinary days of 20 answers, 16 satisfied, and the flagged ones."""
    rows = [(20, 16)] * 30 + list(flagged)
    cells = Cells.from_columns(
        stratum=["a"] * len(rows),
        post_stratum=["a"] * len(rows),
        psu=[str(i) for i in range(len(rows))],
        caseload=[90_000] * len(rows),
        responses=[n for n, _ in rows],
        satisfied=[s for _, s in rows],
    )
    return cells, [-1] * 30 + list(range(len(flagged)))


def test_four_figures_and_no_answer_deleted() -> None:
    cells, burst = days((200, 200))
    ours = {key: figure.domains[0].estimate for key, figure in stuffing_figures(cells, burst).items()}
    assert ours[Treatment.ALL] == pytest.approx(680 / 800)
    assert ours[Treatment.DROPPED] == pytest.approx(480 / 600)
    assert ours[Treatment.COUNTED_ONCE] == pytest.approx(481 / 601)
    assert ours[Treatment.DISSATISFIED] == pytest.approx(480 / 800)


def test_what_is_counted_once_keeps_its_base_weight() -> None:
    """Thirty days of 20 with base weight 2, one burst of 50 with weight 3, of which each then counts 3/50."""
    cells, burst = days((50, 50))
    weighted = replace(cells, base_weight=np.array([2.0] * 30 + [3.0]))
    ours = stuffing_figures(weighted, burst)[Treatment.COUNTED_ONCE].domains[0].estimate
    assert ours == pytest.approx((30 * 16 * 2 + 3) / (30 * 20 * 2 + 3))


def test_a_burst_of_two_days_is_one() -> None:
    cells, _ = days((30, 30), (10, 10))
    figures = stuffing_figures(cells, [-1] * 30 + [0, 0])
    assert figures[Treatment.COUNTED_ONCE].domains[0].estimate == pytest.approx((480 + 1) / (600 + 1))


def test_all_four_figures_mind_the_finite_population_unless_told_otherwise() -> None:
    cells = Cells.from_columns(stratum=["a"], post_stratum=["a"], caseload=[700], responses=[400], satisfied=[300])
    minded, unminded = (stuffing_figures(cells, [-1], **how)[Treatment.ALL] for how in ({}, {"fpc": False}))
    assert minded.domains[0].variance == pytest.approx(unminded.domains[0].variance * 300 / 700)


def test_a_verdict_is_robust_only_if_all_four_agree() -> None:
    cells, burst = days((200, 200))
    figures = stuffing_figures(cells, burst)
    assert robust_verdict(figures, "", Threshold.parse(">70")) is None
    cells, burst = days((20, 20))
    figures = stuffing_figures(cells, burst)
    assert robust_verdict(figures, "", Threshold.parse(">60")).evidence == "met"


def test_bursts_need_a_code_for_every_cell() -> None:
    with pytest.raises(StatisticsError, match="đợt nghi vấn"):
        stuffing_figures(days()[0], [0])
