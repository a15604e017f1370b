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
from analysis.statistics.variance.effective import lower_bound, p_above, p_below, upper_bound
from tests.statistics.survey_data import assert_same_figure, close, expected, month_cells, records, unit_service

V = expected("verdict")
DOMAINS = {"unit": lambda record: record["unit"], "sector": lambda record: record["sector"], "all": lambda _: "all"}
TARGETS = {"gt60": ">60", "ge70": ">=70", "ge90": ">=90"}
EVIDENCE = {"insufficient data": "insufficient", "met": "met", "not met": "not_met", "inconclusive": "inconclusive"}


@cache
def figures_of(level: str) -> Estimation:
    return estimate(month_cells(unit_service, unit_service, domain=DOMAINS[level]), fpc=True)


@pytest.mark.parametrize("level", DOMAINS)
def test_guarded_sizes_bounds_and_verdicts(level: str) -> None:
    """R: svyby as A1 in a_month.json, then qbeta and pbeta; n_eff is no function of R: worked out there by formula."""
    result = figures_of(level)
    assert [domain.domain for domain in result.domains] == list(np.atleast_1d(V[level]["levels"]))
    for name, want in V[level]["results"].items():
        ours = result[name]
        assert (ours.n, ours.estimate, ours.variance) == (want["n"], close(want["est"]), close(want["var"]))
        assert (ours.n_eff, ours.design_based_size) == (close(want["n_eff"]), close(want["n_eff_kish_fpc"]))
        assert ours.interval_90.low == close(want["lower95_one_sided"])
        assert ours.interval_90.high == close(want["upper95_one_sided"])
        assert (ours.coverage, ours.caseload) == (close(want["coverage"]), want["caseload"])
        assert ours.response_rate == close(want["response_rate"])
        for key, text in TARGETS.items():
            assert_same_verdict(ours, text, want[key])


def assert_same_verdict(ours: Any, text: str, want: dict[str, Any]) -> None:
    verdict = judge(ours, Threshold.parse(text))
    assert (verdict.point.value == "met") == want["point_met"]
    assert verdict.evidence.value == EVIDENCE[want["verdict"]]
    assert verdict.p_above == close(want["p_above"])
    assert verdict.p_below == close(want["p_below"])


@pytest.mark.parametrize("level", DOMAINS)
def test_units_judged_together(level: str) -> None:
    """R: p.adjust(p, "BH") over the units whose verdict is not "insufficient data"."""
    figures = figures_of(level)
    want = V[level]["bh_p_above_60_among_sufficient"]
    verdicts = [judge(domain, Threshold.parse(">60")) for domain in figures.domains]
    family = [
        None if verdict is None or verdict.evidence.value == "insufficient" else verdict.p_above for verdict in verdicts
    ]
    adjusted = benjamini_hochberg(family)
    kept = [domain.domain for domain, value in zip(figures.domains, adjusted, strict=True) if value is not None]
    assert kept == list(np.atleast_1d(want["level"]))
    assert [value for value in adjusted if value is not None] == close(np.atleast_1d(want["p_bh"]).tolist())


@pytest.mark.parametrize("level", DOMAINS)
def test_bounds_without_assumptions(level: str) -> None:
    """R has no function for them: worked out in R from the formulas, with the caseload of answered strata as N."""
    for name, want in V[level]["results"].items():
        ours = figures_of(level)[name]
        bounds = manski_bounds(ours.satisfied, ours.n, ours.sum_of_weights)
        assert (bounds.low, bounds.high) == (close(want["manski"]["lower"]), close(want["manski"]["upper"]))
        tipping = tipping_share(ours.satisfied, ours.n, ours.sum_of_weights, Fraction(3, 5))
        assert tipping == close(want["tipping_gt60"])


P = expected("p_units")
N = np.array([int(record["n"]) for record in records("p_units_counts")], dtype=np.float64)
S = np.array([int(record["s"]) for record in records("p_units_counts")], dtype=np.float64)


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
    ranks = rank_sets(want["q"], np.diag(want["v"]))
    assert [rank.best for rank in ranks] == want["rank_lo"] == [1 + worse for worse in want["worse_than"]]
    assert [rank.worst for rank in ranks] == want["rank_hi"] == [24 - better for better in want["better_than"]]


def test_the_control_chart_of_a_year() -> None:
    """R: qic(s, n = n, chart = "pp") of qicharts2, and the formulas worked out in R."""
    months, want = expected("t_trend")["prop_trend_test"], expected("t_trend")["control_chart"]
    chart = laney_p_prime(months["n"], months["s"])
    assert (chart.centre, chart.sigma_z) == (close(want["cl"]), close(want["sigma_z"]))
    assert chart.z.tolist() == close(want["z"])
    for record in (want, expected("t_trend")["control_chart_qicharts2"]):
        assert chart.lower.tolist() == close(record["laney_lcl"])
        assert chart.upper.tolist() == close(record["laney_ucl"])


def test_four_cells_by_hand_and_by_r() -> None:
    """R: svydesign(~1, strata = ~h, fpc = ~N) and postStratify(svydesign(~1), ~h, N, partial = TRUE).

    One stratum has a single answer and one is silent.
    """
    rows = records("tiny_cells")
    want = expected("tiny")

    def cells(stratum: list[str]) -> Cells:
        return Cells.from_columns(
            stratum=stratum,
            post_stratum=[row["h"] for row in rows],
            caseload=[int(row["N"]) for row in rows],
            responses=[int(row["n"]) for row in rows],
            satisfied=[int(row["s"]) for row in rows],
        )

    estimation = estimate(cells([row["h"] for row in rows]), fpc=True)
    assert_same_figure(estimation.domains[0], want["stratified_fpc"])
    assert estimation.domains[0].coverage == 170 / 200
    assert estimation.domains[0].coverage_adequate == 150 / 200
    assert estimation.domains[0].exact_estimate == Fraction(100 * 7 * 5 + 50 * 5 * 10, 10 * 5 * 170)
    assert_same_figure(estimate(cells(["x"] * 4), fpc=False).domains[0], want["poststratified_nofpc"])
