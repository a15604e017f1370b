"""What would be said, were the silent less satisfied than those who answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import Threshold, estimate, judge
from analysis.statistics.verdicts.shifted import STEPS, verdicts_at
from tests.statistics.by_hand import thirds_and_sevenths
from tests.statistics.test_overturn import figure


def test_a_verdict_that_three_points_overturn_stands_at_two_and_falls_at_five() -> None:
    domain = figure(83, 100, 1_000)
    verdicts = verdicts_at(domain, judge(domain, Threshold.parse(">80")))
    assert [(step.points, str(step.point)) for step in verdicts] == [
        (0.0, "met"),
        (0.02, "met"),
        (0.05, "not_met"),
        (0.10, "not_met"),
    ]


def test_a_verdict_that_is_not_met_is_tried_with_silent_people_who_are_more_satisfied() -> None:
    domain = figure(760, 1_000, 10_000)
    verdicts = verdicts_at(domain, judge(domain, Threshold.parse(">80")))
    assert [(step.points, str(step.point), str(step.evidence)) for step in verdicts] == [
        (0.0, "not_met", "not_met"),
        (-0.02, "not_met", "inconclusive"),
        (-0.05, "met", "inconclusive"),
        (-0.10, "met", "met"),
    ]


def test_a_verdict_met_with_certainty_can_become_one_not_met_with_certainty() -> None:
    """Interval and figure move by .9 of the step, here beyond both sides of 60 %."""
    domain = figure(660, 1_000, 10_000)
    verdict = judge(domain, Threshold.parse(">60"))
    said = verdicts_at(domain, verdict, (0.0, 0.05, 0.10))
    assert [str(step.evidence) for step in said] == ["met", "inconclusive", "not_met"]
    edge = (float(verdict.lower) - 0.6) / 0.9
    for step, evidence in ((edge - 1e-6, "met"), (edge + 1e-6, "inconclusive")):
        assert str(verdicts_at(domain, verdict, (step,))[0].evidence) == evidence
    edge = (float(verdict.upper) - 0.6) / 0.9
    for step, evidence in ((edge - 1e-6, "inconclusive"), (edge + 1e-6, "not_met")):
        assert str(verdicts_at(domain, verdict, (step,))[0].evidence) == evidence


def test_what_is_insufficient_stays_so_at_every_step() -> None:
    domain = figure(29, 29, 200)
    verdict = judge(domain, Threshold.parse(">60"))
    assert {str(step.evidence) for step in verdicts_at(domain, verdict)} == {"insufficient"}


def test_at_no_step_the_exact_share_decides_and_not_the_float_beside_it() -> None:
    """Thirds and sevenths that add up to the threshold in fractions, and to a little more in floats."""
    domain = estimate(thirds_and_sevenths()).domains[0]
    for beside in (-1e-12, 1e-12):
        near = replace(domain, estimate=float(domain.exact_estimate) + beside)
        for comparator, said in ((">", "not_met"), (">=", "met")):
            verdict = judge(near, Threshold(comparator, domain.exact_estimate))
            assert str(verdicts_at(near, verdict, (0.0,))[0].point) == said


def test_the_silent_are_never_more_satisfied_than_all_of_them() -> None:
    domain = figure(97, 100, 200)
    verdict = judge(domain, Threshold.parse(">=99"))
    assert str(verdicts_at(domain, verdict, (0.9,))[0].point) == "not_met"  # all silent: 98.5 %


@given(st.integers(30, 400), st.integers(1, 3_000), st.data())
def test_no_step_says_what_the_verdict_says_and_points_turn_where_the_overturn_says(
    n: int, silent: int, data: st.DataObject
) -> None:
    domain = figure(data.draw(st.integers(0, n)), n, n + silent)
    verdict = judge(domain, Threshold.parse(">=70"))
    verdicts = verdicts_at(domain, verdict)
    assert (verdicts[0].point, verdicts[0].evidence) == (verdict.point, verdict.evidence)
    for step, at in zip(STEPS, verdicts, strict=True):
        if abs(abs(verdict.overturn.of_point) - step) > 1e-9 and verdict.overturn.point_possible:
            assert (at.point == verdict.point) == (step < abs(verdict.overturn.of_point) or step == 0)


def test_where_the_response_rate_is_not_known_nothing_is_said() -> None:
    domain = figure(30, 40, 40)
    assert verdicts_at(domain, judge(domain, Threshold.parse(">60"))) == ()
    unknown = replace(figure(30, 40, 90), response_rate=None, caseload=None)
    assert verdicts_at(unknown, judge(unknown, Threshold.parse(">60"))) == ()
    assert judge(domain, Threshold.parse(">60")).overturn is None


def test_both_verdicts_have_their_own_difference() -> None:
    verdict = judge(figure(860, 1_000, 5_000), Threshold.parse(">80"))
    assert verdict.overturn.of_point == pytest.approx(0.06 / 0.8)
    assert verdict.overturn.points < verdict.overturn.of_point
