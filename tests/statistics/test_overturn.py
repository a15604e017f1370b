"""How wrong the volunteers would have to be: its formula, worked out apart."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import Cells, DomainEstimate, Threshold, estimate, judge
from analysis.statistics.as_json import verdict_as_json


def figure(satisfied: int, responses: int, caseload: int) -> DomainEstimate:
    columns = {"stratum": ["a"], "post_stratum": ["a"], "caseload": [caseload]}
    return estimate(Cells.from_columns(**columns, responses=[responses], satisfied=[satisfied]), fpc=False).domains[0]


def test_83_per_cent_of_a_tenth_fails_above_80_if_the_silent_are_3_points_less_satisfied() -> None:
    verdict = judge(figure(83, 100, 1_000), Threshold.parse(">80"))
    assert verdict.evidence == "inconclusive"
    assert verdict.overturn.points == pytest.approx(0.03 / 0.9)
    assert verdict.overturn.rho == pytest.approx(0.03 / (0.8 * 0.2 * 9) ** 0.5)
    assert verdict.overturn.possible


def test_beside_an_evidence_verdict_it_is_the_bound_that_must_move() -> None:
    met, missed = (judge(figure(s, 1_000, 5_000), Threshold.parse(">80")) for s in (860, 700))
    assert (met.evidence, missed.evidence) == ("met", "not_met")
    assert met.overturn.points == pytest.approx((met.lower - 0.8) / 0.8)
    assert missed.overturn.points == pytest.approx((missed.upper - 0.8) / 0.8)
    assert missed.overturn.points < 0 < met.overturn.points
    provisional = judge(figure(860, 1_000, 5_000), Threshold.parse(">80"), provisional=True)
    assert provisional.overturn.points == pytest.approx(0.06 / 0.8)


@given(st.integers(1, 300), st.data())
def test_moving_the_silent_by_that_much_lands_on_the_target(n: int, data: st.DataObject) -> None:
    s, silent = data.draw(st.integers(0, n)), data.draw(st.integers(1, 3_000))
    domain = replace(figure(s, n, n + silent), interval_90=None)
    overturn = judge(domain, Threshold.parse(">=70")).overturn
    r = n / (n + silent)
    assert domain.estimate - (1 - r) * overturn.points == pytest.approx(0.7)
    share_of_silent = domain.estimate - overturn.points
    assert overturn.possible == (0 <= share_of_silent <= 1)
    assert overturn.rho == pytest.approx((domain.estimate - 0.7) / (0.21 * (1 - r) / r) ** 0.5)


def test_nothing_is_said_where_the_rate_is_unknown_or_everyone_answered() -> None:
    assert judge(figure(30, 40, 40), Threshold.parse(">60")).overturn is None
    assert judge(figure(30, 40, 39), Threshold.parse(">60")).overturn is None
    assert judge(replace(figure(30, 40, 90), response_rate=None), Threshold.parse(">60")).overturn is None
    assert judge(figure(30, 40, 90), Threshold(">=", Fraction(1))).overturn.rho is None


def test_the_contract_s_names() -> None:
    overturn = verdict_as_json(judge(figure(83, 100, 1_000), Threshold.parse(">80")))
    assert list(overturn["overturn"]) == ["points", "rho"]
    assert verdict_as_json(judge(figure(30, 40, 40), Threshold.parse(">60")))["overturn"] is None


@pytest.mark.parametrize(
    ("satisfied", "caseload", "possible"),
    [(90, 500, True), (90, 105, False), (70, 400, True), (70, 125, False), (70, 105, False)],
)
def test_the_silent_can_turn_the_point_verdict_only_as_far_as_shares_go(
    satisfied: int, caseload: int, possible: bool
) -> None:
    """Of 105 dossiers five are silent: ten points of a hundred answers are not theirs to give."""
    overturn = judge(figure(satisfied, 100, caseload), Threshold.parse(">80")).overturn
    assert overturn.point_possible is possible
