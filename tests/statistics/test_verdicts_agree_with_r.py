"""verdict.json, p_units.json, tiny.json, t_trend.json (control chart): verdicts, families, ranks, charts and bounds.

Left out, because no figure of the product shows them: Holm- and Benjamini-Yekutieli-adjusted p-values, Wilson
intervals, the chi-square of heterogeneity and the limits of the plain p chart (`p_lcl`, `p_ucl`: Laney's replace them).
`n_eff_design` is p(1-p)/V of two values compared here; `target` and `strict` are `TARGETS`.
"""

from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    Cells,
    Estimation,
    Threshold,
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


@cache
def figures_of(level: str) -> Estimation:
    return estimate(month_cells(unit_service, unit_service, domain=DOMAINS[level]), fpc=True)


@pytest.mark.parametrize("level", DOMAINS)
def test_guarded_sizes_bounds_and_verdicts(level: str) -> None:
    """R: svyby as A1 in a_month.json, then qbeta and pbeta; n_eff is no function of R: worked out there by formula."""
    result = figures_of(level)
    assert [one.domain for one in result.domains] == list(np.atleast_1d(V[level]["levels"]))
    for name, want in V[level]["results"].items():
        found = result[name]
        assert (found.n, found.estimate, found.variance) == (want["n"], close(want["est"]), close(want["var"]))
        assert (found.n_eff, found.design_based_size) == (close(want["n_eff"]), close(want["n_eff_kish_fpc"]))
        assert found.interval_90.low == close(want["lower95_one_sided"])
        assert found.interval_90.high == close(want["upper95_one_sided"])
        assert (found.coverage, found.caseload) == (close(want["coverage"]), want["caseload"])
        assert found.response_rate == close(want["response_rate"])
        for key, text in TARGETS.items():
            assert_same_verdict(found, text, want[key])


def assert_same_verdict(found: Any, text: str, want: dict[str, Any]) -> None:
    verdict = judge(found, Threshold.parse(text))
    assert (verdict.point.value == "met") == want["point_met"]
    assert verdict.evidence.value == EVIDENCE[want["verdict"]]
    assert verdict.p_above == close(want["p_above"])
    assert verdict.p_below == close(want["p_below"])


@pytest.mark.parametrize("level", DOMAINS)
def test_units_judged_together(level: str) -> None:
    """R: p.adjust(p, "BH") over the units whose verdict is not "insufficient data"."""
    found = figures_of(level)
    want = V[level]["bh_p_above_60_among_sufficient"]
    verdicts = [judge(one, Threshold.parse(">60")) for one in found.domains]
    family = [None if one is None or one.evidence.value == "insufficient" else one.p_above for one in verdicts]
    adjusted = benjamini_hochberg(family)
    kept = [one.domain for one, value in zip(found.domains, adjusted, strict=True) if value is not None]
    assert kept == list(np.atleast_1d(want["level"]))
    assert [value for value in adjusted if value is not None] == close(np.atleast_1d(want["p_bh"]).tolist())


@pytest.mark.parametrize("level", DOMAINS)
def test_bounds_without_assumptions(level: str) -> None:
    """R has no function for them: worked out in R from the formulas, with the caseload of answered strata as N."""
    for name, want in V[level]["results"].items():
        found = figures_of(level)[name]
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
    """R: p.adjust(p, "BH")."""
    assert benjamini_hochberg(P["units"]["p_greater_60"]) == close(P["units"]["bh_greater"])
    assert benjamini_hochberg(P["units"]["p_less_60"]) == close(P["units"]["bh_less"])


def test_rank_intervals_of_24_units() -> None:
    """R: p.adjust(pnorm(z, lower.tail = FALSE), "holm") over the 24 x 23 ordered pairs, then counted."""
    want = P["rank24"]
    found = rank_sets(want["q"], np.diag(want["v"]))
    assert [one.best for one in found] == want["rank_lo"] == [1 + worse for worse in want["worse_than"]]
    assert [one.worst for one in found] == want["rank_hi"] == [24 - better for better in want["better_than"]]


def test_the_control_chart_of_a_year() -> None:
    """R: qic(s, n = n, chart = "pp") of qicharts2, and the formulas worked out in R."""
    months, want = expected("t_trend")["prop_trend_test"], expected("t_trend")["control_chart"]
    found = laney_p_prime(months["n"], months["s"])
    assert (found.centre, found.sigma_z) == (close(want["cl"]), close(want["sigma_z"]))
    assert found.z.tolist() == close(want["z"])
    for one in (want, expected("t_trend")["control_chart_qicharts2"]):
        assert found.lower.tolist() == close(one["laney_lcl"])
        assert found.upper.tolist() == close(one["laney_ucl"])


def test_four_cells_by_hand_and_by_r() -> None:
    """R: svydesign(~1, strata = ~h, fpc = ~N) and postStratify(svydesign(~1), ~h, N, partial = TRUE).

    One stratum has a single answer and one is silent.
    """
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
