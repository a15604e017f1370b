"""verdict.json, p_units.json, tiny.json, t_trend.json (control chart): verdicts, families, ranks, charts and bounds.

Left out: Holm- and Benjamini-Yekutieli-adjusted p-values, Wilson intervals and the chi-square of heterogeneity, which
no figure of the product shows.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    Cells,
    Target,
    benjamini_hochberg,
    estimate,
    judge,
    laney_p_prime,
    manski_bounds,
    rank_sets,
    tipping_share,
)
from analysis.statistics.effective import lower_bound, p_above, p_below, upper_bound
from tests.statistics.survey_data import assert_same_figure, close, expected, month_cells, records, unit_service

V = expected("verdict")
DOMAINS = {"unit": lambda one: one["unit"], "sector": lambda one: one["sector"], "all": lambda _: "all"}
TARGETS = {"gt60": ">60", "ge70": ">=70", "ge90": ">=90"}
EVIDENCE = {"insufficient data": "insufficient", "met": "met", "not met": "not_met", "inconclusive": "inconclusive"}


@pytest.mark.parametrize("level", ["unit", "sector", "all"])
def test_guarded_sizes_bounds_and_verdicts(level: str) -> None:
    result = estimate(month_cells(unit_service, unit_service, domain=DOMAINS[level]), fpc=True)
    for name, want in V[level]["results"].items():
        found = result[name]
        if want["est"] == "NaN":
            assert found.estimate is None
            continue
        assert found.n_eff == close(want["n_eff"])
        assert found.interval_90.low == close(want["lower95_one_sided"])
        assert found.interval_90.high == close(want["upper95_one_sided"])
        assert (found.coverage, found.caseload) == (close(want["coverage"]), want["caseload"])
        assert found.response_rate == close(want["response_rate"])
        for key, text in TARGETS.items():
            assert_same_verdict(found, text, want[key])


def assert_same_verdict(found: Any, text: str, want: dict[str, Any]) -> None:
    verdict = judge(found, Target.parse(text))
    assert (verdict.point.value == "met") == want["point_met"]
    assert verdict.evidence.value == EVIDENCE[want["verdict"]]
    assert verdict.p_above == close(want["p_above"])
    assert verdict.p_below == close(want["p_below"])


def test_units_judged_together() -> None:
    """R: p.adjust(p, "BH") over the units whose verdict is not "insufficient data"."""
    found = estimate(month_cells(unit_service, unit_service, domain=DOMAINS["unit"]), fpc=True)
    want = V["unit"]["bh_p_above_60_among_sufficient"]
    verdicts = [judge(one, Target.parse(">60")) for one in found.domains]
    family = [None if one is None or one.evidence.value == "insufficient" else one.p_above for one in verdicts]
    adjusted = benjamini_hochberg(family)
    kept = [one.domain for one, value in zip(found.domains, adjusted, strict=True) if value is not None]
    assert kept == want["level"]
    assert [value for value in adjusted if value is not None] == close(want["p_bh"])


def test_bounds_without_assumptions() -> None:
    """The fixture counts the caseload of answered strata as N."""
    result = estimate(month_cells(unit_service, unit_service, domain=DOMAINS["unit"]), fpc=True)
    for name, want in V["unit"]["results"].items():
        found = result[name]
        if want["est"] == "NaN":
            continue
        bounds = manski_bounds(found.satisfied, found.n, found.sum_of_weights)
        assert (bounds.low, bounds.high) == (close(want["manski"]["lower"]), close(want["manski"]["upper"]))
        tipping = tipping_share(found.satisfied, found.n, found.sum_of_weights, Fraction(3, 5))
        assert tipping == close(want["tipping_gt60"])


P = expected("p_units")
N = np.array([int(one["n"]) for one in records("p_units_counts")], dtype=np.float64)
S = np.array([int(one["s"]) for one in records("p_units_counts")], dtype=np.float64)


def test_tails_and_bounds_of_plain_counts_are_the_binomial_ones() -> None:
    """R: binom.test(s, n, 0.6), alternative "greater" and "less", and its Clopper-Pearson interval."""
    want = P["units"]
    assert p_above(S / N, N, 0.6).tolist() == close(want["p_greater_60"])
    assert p_below(S / N, N, 0.6).tolist() == close(want["p_less_60"])
    assert lower_bound(S / N, N, 0.025).tolist() == close(want["cp_lo"])
    assert upper_bound(S / N, N, 0.025).tolist() == close(want["cp_hi"])


def test_240_units_judged_together() -> None:
    assert benjamini_hochberg(P["units"]["p_greater_60"]) == close(P["units"]["bh_greater"])
    assert benjamini_hochberg(P["units"]["p_less_60"]) == close(P["units"]["bh_less"])


def test_rank_intervals_of_24_units() -> None:
    want = P["rank24"]
    found = rank_sets(want["q"], np.diag(want["v"]))
    assert [one.best for one in found] == want["rank_lo"]
    assert [one.worst for one in found] == want["rank_hi"]


def test_the_control_chart_of_a_year() -> None:
    """R: qicharts2, chart = "pp"."""
    months, want = expected("t_trend")["prop_trend_test"], expected("t_trend")["control_chart"]
    found = laney_p_prime(months["n"], months["s"])
    assert (found.centre, found.sigma_z) == (close(want["cl"]), close(want["sigma_z"]))
    assert found.z.tolist() == close(want["z"])
    assert found.lower.tolist() == close(want["laney_lcl"])
    assert found.upper.tolist() == close(want["laney_ucl"])


def test_four_cells_by_hand_and_by_r() -> None:
    """One stratum has a single answer and one is silent."""
    rows = records("tiny_cells")
    want = expected("tiny")

    def cells(stratum: list[str]) -> Cells:
        return Cells.from_columns(
            stratum=stratum,
            post_stratum=[one["h"] for one in rows],
            caseload=[int(one["N"]) for one in rows],
            responses=[int(one["n"]) for one in rows],
            satisfied=[int(one["s"]) for one in rows],
        )

    found = estimate(cells([one["h"] for one in rows]), fpc=True)
    assert_same_figure(found.domains[0], want["stratified_fpc"])
    assert found.domains[0].coverage == 170 / 200
    assert found.domains[0].coverage_adequate == 150 / 200
    assert found.domains[0].exact_estimate == Fraction(100 * 7 * 5 + 50 * 5 * 10, 10 * 5 * 170)
    assert_same_figure(estimate(cells(["x"] * 4), fpc=False).domains[0], want["poststratified_nofpc"])
