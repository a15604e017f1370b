"""Where a verdict turns, to the last digit: on the threshold, on the bounds, on the least that counts as enough."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from analysis.statistics import Cells, DomainEstimate, Interval, StatisticsError, Threshold, Verdict, estimate, judge
from analysis.statistics.variance.effective import lower_bound
from analysis.statistics.variance.exact import Exact
from analysis.statistics.verdicts.sufficiency import sufficient

COLUMNS = {"stratum": ["a"], "post_stratum": ["a"], "caseload": [100_000]}
EIGHTY = Fraction(4, 5)


def figure(satisfied: int = 80, responses: int = 100, **changes: Any) -> DomainEstimate:
    cells = Cells.from_columns(**COLUMNS, responses=[responses], satisfied=[satisfied])
    return replace(estimate(cells, fpc=False).domains[0], **changes)


def judged(domain: DomainEstimate, target: str) -> Verdict:
    verdict = judge(domain, Threshold.parse(target))
    assert verdict is not None
    return verdict


def of(exact: Fraction) -> Exact:
    return Exact(lambda _domain: exact)


def test_far_from_the_threshold_every_comparator_reads_the_estimate() -> None:
    above, below = figure(90), figure(70)
    for target, met_above in ((">80", True), (">=80", True), ("=80", False)):
        assert (judged(above, target).point == "met") is met_above
        assert Threshold.parse(target).holds(above) is met_above
        assert judged(below, target).point == "not_met"
        assert not Threshold.parse(target).holds(below)


@pytest.mark.parametrize(
    ("exact", "more", "at_least"),
    [(EIGHTY, False, True), (EIGHTY - Fraction(1, 10**12), False, False), (EIGHTY + Fraction(1, 10**12), True, True)],
)
def test_next_to_the_threshold_the_ratio_of_whole_numbers_decides(exact: Fraction, more: bool, at_least: bool) -> None:
    """However its floating-point neighbour was rounded."""
    for rounded in (0.8 - 5e-11, 0.8, 0.8 + 5e-11):
        domain = figure(estimate=rounded, exact=of(exact))
        for target, met in ((">80", more), (">=80", at_least)):
            assert (judged(domain, target).point == "met") is met
            assert Threshold.parse(target).holds(domain) is met


@pytest.mark.parametrize(
    ("moved", "more", "at_least"),
    [(1e-13, False, True), (-1e-13, False, True), (1e-11, True, True), (-1e-11, False, False)],
)
def test_a_raked_estimate_counts_as_equal_only_within_its_tolerance(moved: float, more: bool, at_least: bool) -> None:
    domain = figure(estimate=0.8 + moved, exact=Exact(None))
    for target, met in ((">80", more), (">=80", at_least)):
        assert (judged(domain, target).point == "met") is met
        assert Threshold.parse(target).holds(domain) is met


def test_the_tolerance_itself_is_still_equal() -> None:
    assert not Threshold(">", Fraction(0)).holds(figure(estimate=1e-12, exact=Exact(None)))


@pytest.mark.parametrize(
    ("low", "high", "evidence"),
    [(0.8, 0.9, "inconclusive"), (0.7, 0.8, "inconclusive"), (0.81, 0.9, "met"), (0.7, 0.79, "not_met")],
)
def test_a_bound_on_the_threshold_settles_nothing(low: float, high: float, evidence: str) -> None:
    domain = figure(84, interval_90=Interval(0.9, low, high))
    assert judged(domain, ">80").evidence == evidence


def test_without_an_estimate_or_weights_that_converged_there_is_no_verdict() -> None:
    target = Threshold.parse(">80")
    assert judge(figure(), target) is not None
    assert judge(figure(converged=False), target) is None
    nothing = figure(estimate=None, n_eff=None, interval_90=None)
    assert judge(nothing, target) is None
    assert judge(replace(nothing, converged=False), target) is None


def test_without_an_effective_number_nothing_is_said_of_surprise() -> None:
    verdict = judged(figure(n_eff=None), ">80")
    assert (verdict.p_above, verdict.p_below, verdict.evidence) == (None, None, "insufficient")


def test_with_clusters_the_days_decide_and_without_them_one_degree_of_freedom() -> None:
    assert sufficient(figure(df=1))
    assert not sufficient(figure(df=0))
    assert sufficient(figure(clustered=True, df=0, df_effective=9.0, kappa=1.0))
    assert not sufficient(figure(clustered=True, df=90, df_effective=3.0, kappa=1.0))
    assert not sufficient(figure(clustered=True, df=90, df_effective=9.0, kappa=2.5))


def test_the_smallest_drawn_sample_is_thirty_however_many_answered() -> None:
    domain = figure(380, 400, n_eff=60.0, interval_90=Interval(0.9, 0.55, 0.99))
    assert judged(domain, ">60").drawn_sample == 30


def test_answers_that_repeat_each_other_ask_for_more_of_them() -> None:
    """Of 200 answers worth 100, twice as many are needed as of 100 worth 100."""
    alone, repeated = figure(84), figure(168, 200, n_eff=100.0)
    alone = replace(alone, n_eff=100.0)
    needed, needed_repeated = (judged(domain, ">80").responses_needed for domain in (alone, repeated))
    assert needed is not None
    assert needed_repeated is not None
    assert needed_repeated == pytest.approx(2 * needed, abs=2)
    assert lower_bound(0.84, 100 + needed, 0.05) > 0.8 >= lower_bound(0.84, 100 + needed - 1, 0.05)


def test_without_a_caseload_the_weights_say_how_many_there_are() -> None:
    needed = judged(figure(84), ">80").responses_needed
    assert needed is not None
    assert judged(figure(84, caseload=None, sum_of_weights=100.0 + needed), ">80").responses_needed == needed
    assert judged(figure(84, caseload=None, sum_of_weights=99.0 + needed), ">80").responses_needed is None


@pytest.mark.parametrize("text", [">201", "<60"])
def test_an_unreadable_target_is_refused_with_what_was_written_and_how_to_write_it(text: str) -> None:
    with pytest.raises(StatisticsError) as refused:
        Threshold.parse(text)
    assert refused.value.code == "target"
    assert str(refused.value) == f"Mốc “{text}” không đọc được; hãy viết như >60, >=70 hoặc =100 (phần trăm)."
