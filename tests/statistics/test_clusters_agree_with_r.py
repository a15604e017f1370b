"""c_cluster.json, b_api.json, t_trend.json: counter-days as PSUs, and survey's own data, against R's `survey`.

Left out: C2, C3 and the fpc of b_api's clusters (the product has none with PSUs; its factor 1 - 15/757 is divided out
here), GREG and calibrated raking, api00_mean (a mean of scores), R's other intervals and tests, svyglm, rank and
chi-square tests.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    Cells,
    DomainEstimate,
    Treatment,
    contrast,
    difference,
    estimate,
    linear_trend,
    mann_kendall,
    stuffing_figures,
)
from tests.statistics.survey_data import (
    Record,
    assert_same_domains,
    assert_same_figure,
    close,
    clustered_cells,
    expected,
    records,
    unit_service,
)

C, B, T = expected("c_cluster"), expected("b_api"), expected("t_trend")
MICRO = records("c_cluster_micro")
DOMAINS = {"service": lambda one: one["service"], "unit": lambda one: one["unit"]}


def caseload_of(name: str, key: Callable[[Record], str] = unit_service) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in records(name):
        total[key(one)] += int(one["N"])
    return total


def counter_days(**more: Any) -> Cells:
    given = {"stratum": "unit", "psu": "cd", "post": unit_service, "caseload": caseload_of("c_cluster_caseload")}
    return clustered_cells(MICRO, **(given | more))


def own_weights(key: Callable[[Record], str]) -> dict[str, Any]:
    """Post-stratified to the sample's own weighted totals: the design as drawn."""
    total: Counter[str] = Counter()
    for one in MICRO:
        total[key(one)] += float(one["w"])
    return {"post": key, "caseload": total, "base_weight": lambda one: one["w"]}


def test_counter_days_with_unequal_weights() -> None:
    """R: svydesign(~cd, strata = ~unit, weights = ~w)."""
    result = estimate(counter_days(**own_weights(lambda _: "all")))
    assert_same_figure(result.domains[0], C["C1_cluster_nofpc"])
    alone = estimate(counter_days(psu="", **own_weights(lambda _: "all")), fpc=False)
    assert_same_figure(alone.domains[0], C["C5_ignoring_clusters"])


@pytest.mark.parametrize("breakdown", ["service", "unit"])
def test_domains_of_counter_days(breakdown: str) -> None:
    result = estimate(counter_days(domain=DOMAINS[breakdown], **own_weights(DOMAINS[breakdown])))
    assert_same_domains(result.domains, result.covariance, C[f"C1_by_{breakdown}"])


def test_counter_days_post_stratified() -> None:
    """R: postStratify(design, ~unit:service, N), with the design's weights and with equal ones."""
    weighted = counter_days(base_weight=lambda one: one["w"])
    assert_same_figure(estimate(weighted).domains[0], C["C4_cluster_post"])
    assert_same_figure(estimate(counter_days()).domains[0], C["C6_cluster_unitweight_post"])


@pytest.mark.parametrize("breakdown", ["service", "unit"])
def test_post_stratified_domains_that_share_counter_days(breakdown: str) -> None:
    result = estimate(counter_days(base_weight=lambda one: one["w"], domain=DOMAINS[breakdown]))
    assert_same_domains(result.domains, result.covariance, C[f"C4_by_{breakdown}"])


def test_the_four_stuffing_figures() -> None:
    """verdict.json, burst_sensitivity: counter-days with n >= 12 and at least 95 % satisfied are flagged."""
    want = expected("verdict")["burst_sensitivity"]
    whole = counter_days()
    codes = {cd: i for i, cd in enumerate(want["flagged"])}
    order = list(dict.fromkeys((one["unit"], one["service"], one["cd"]) for one in MICRO))
    burst = np.array([codes.get(cd, -1) for _, _, cd in order])
    assert whole.responses[burst >= 0].sum() == want["responses_flagged"]
    figures = stuffing_figures(whole, burst)
    names = {"all": "all", "dropped": "dropped", "counted_once": "flagged_as_one_each"}
    for treatment, name in (names | {"dissatisfied": "flagged_as_unsatisfied"}).items():
        assert figures[Treatment(treatment)].domains[0].estimate == close(want[name])


def assert_clusters_without_fpc(found: DomainEstimate, want: dict[str, Any]) -> None:
    """R drew 15 of 757 districts with a correction; ours has none."""
    assert found.variance * (1 - 15 / 757) == close(want["var"])
    assert (found.estimate, found.df, found.n) == (close(want["est"]), want["df"], want["n"])


SCHOOLS = {"stratum": "", "psu": "dnum", "hit": lambda one: one["sch.wide"] == "Yes"}
STYPE = {"E": 4421, "H": 755, "M": 1018}


def test_the_schools_of_fifteen_districts() -> None:
    """R: data(api); svydesign(~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc), then postStratify(~stype)."""
    plain = clustered_cells(records("b_apiclus1"), post=lambda _: "all", caseload={"all": 6194}, **SCHOOLS)
    assert_clusters_without_fpc(estimate(plain).domains[0], B["apiclus1"])
    post = clustered_cells(records("b_apiclus1"), post=lambda one: one["stype"], caseload=STYPE, **SCHOOLS)
    assert_clusters_without_fpc(estimate(post).domains[0], B["apiclus1_post"])
    by = clustered_cells(
        records("b_apiclus1"),
        post=lambda one: one["stype"],
        caseload=STYPE,
        domain=lambda one: one["awards"],
        **SCHOOLS,
    )
    for one in estimate(by).domains:
        assert_clusters_without_fpc(one, B["apiclus1_post_by_awards"]["per_level"][one.domain])


def test_stratified_schools() -> None:
    """R: svydesign(~1, strata = ~stype, weights = ~pw, fpc = ~fpc). The data's weights are rounded to 8 digits."""
    cells = clustered_cells(
        records("b_apistrat"),
        stratum="stype",
        psu="",
        post=lambda one: one["stype"],
        caseload=STYPE,
        hit=lambda one: one["sch.wide"] == "Yes",
    )
    found, want = estimate(cells).domains[0], B["apistrat"]
    assert found.estimate == pytest.approx(want["est"], rel=1e-7)
    assert found.standard_error == pytest.approx(want["se"], rel=1e-7)


MONTHS = records("t_trend_micro")


def month_of(record: Record) -> str:
    return f"{int(record['month']):02d}"


def month_unit_service(record: Record) -> str:
    return f"{month_of(record)}|{unit_service(record)}"


def monthly() -> Cells:
    """Each month is its own period: the strata are month x unit x service."""
    return clustered_cells(
        [dict(one, cell=month_unit_service(one)) for one in MONTHS],
        stratum="cell",
        psu="",
        post=month_unit_service,
        caseload=caseload_of("t_trend_caseload", month_unit_service),
        domain=month_of,
    )


def test_twelve_months() -> None:
    """R: svyby(~y, ~month, design, svymean, covmat = TRUE)."""
    result = estimate(monthly(), fpc=True)
    assert_same_domains(result.domains, result.covariance, T["by_month"])


def test_months_of_clusters_that_last_all_year() -> None:
    """R: svydesign(~unit:service, strata = ~unit, weights = N/n): the months share their PSUs and so covary."""
    answers = Counter(map(month_unit_service, MONTHS))
    caseload = caseload_of("t_trend_caseload", month_unit_service)
    total = Counter[str]()
    for key, size in caseload.items():
        total[key[:2]] += size
    cells = clustered_cells(
        MONTHS,
        stratum="unit",
        psu="service",
        post=month_of,
        caseload=total,
        domain=month_of,
        base_weight=lambda one: str(caseload[month_unit_service(one)] / answers[month_unit_service(one)]),
    )
    result = estimate(cells)
    assert_same_domains(result.domains, result.covariance, T["clustered_by_month"])


def test_differences_and_the_linear_trend() -> None:
    """R: svycontrast, svyttest (whose df is one less than ours)."""
    result = estimate(monthly(), fpc=True)
    want = T["svycontrast"]
    weights = np.zeros(12)
    weights[[11, 10]] = 1, -1
    p = [one.estimate for one in result.domains]
    found = contrast(p, result.covariance, weights, df=460)
    assert (found.estimate, found.standard_error) == (
        close(want["dec_minus_nov"]["est"]),
        close(want["dec_minus_nov"]["se"]),
    )
    apart = difference(result["12"], result["11"])
    assert (apart.estimate, apart.statistic) == (close(found.estimate), close(T["svyttest_two_months"]["t"]))
    assert apart.df == T["svyttest_two_months"]["df"] + 1
    trend = linear_trend(p, result.covariance, df=sum(one.df for one in result.domains))
    assert (trend.estimate, trend.standard_error) == (close(want["ols_slope"]["est"]), close(want["ols_slope"]["se"]))


def test_mann_kendall() -> None:
    """R: cor.test(1:12, estimates, method = "kendall")."""
    found = mann_kendall([one.estimate for one in estimate(monthly()).domains])
    assert (found.tau, found.p_two_sided) == (
        close(T["kendall_months"]["tau"]),
        close(T["kendall_months"]["p_two_sided"]),
    )
