"""a_month.json: stratified, post-stratified and raked figures of one month against R's `survey`.

Left out, because no figure of the product needs them: A6 (GREG and calibrated raking), A7 (trimmed weights), other
treatments of lonely PSUs than "remove", and of A8 `complete_case` (a figure takes all who answered its questions) and
`sipas_mean_of_item_props` (items are pooled, their shares never averaged). What is left out of every figure:
survey_data.py.
"""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis.statistics import Margin, collapse, estimate
from analysis.statistics.cells.weights import rake
from tests.statistics.survey_data import (
    Record,
    assert_same_domains,
    assert_same_figure,
    close,
    clustered_cells,
    expected,
    month_cells,
    records,
    unit_service,
)

A = expected("a_month")
ITEMS = ("q1", "q2", "q3", "q4", "q5")
MARGINS = ("unit", "service", "kind")
DOMAINS = {
    "sector": lambda record: record["sector"],
    "unit": lambda record: record["unit"],
    "kind": lambda record: record["kind"],
}


@pytest.mark.parametrize(("name", "fpc"), [("fpc", True), ("nofpc", False)])
def test_stratified_conditional_on_answers(name: str, fpc: bool) -> None:
    """R: svydesign(~1, strata = ~unit:service, fpc = ~N), survey.lonely.psu = "remove"."""
    result = estimate(month_cells(unit_service, unit_service), fpc=fpc)
    assert result.method == "E1"
    assert_same_figure(result.domains[0], A[f"A1_strat_{name}_lonely_remove"])


@pytest.mark.parametrize("breakdown", ["sector", "unit", "kind"])
def test_stratified_domains_even_those_that_cross_strata(breakdown: str) -> None:
    """R: svyby(~y, ~sector, design, svymean, covmat = TRUE)."""
    result = estimate(month_cells(unit_service, unit_service, domain=DOMAINS[breakdown]), fpc=True)
    assert_same_domains(result.domains, result.covariance, A[f"A1_by_{breakdown}"])


@pytest.mark.parametrize("fpc", [True, False])
def test_post_stratified_without_design_strata(fpc: bool) -> None:
    """R: postStratify(svydesign(~1, fpc = ~N), ~unit:service, N, partial = TRUE)."""
    name = "A2_post_fpc" if fpc else "A2_post_nofpc"
    result = estimate(month_cells(lambda _: "x", unit_service), fpc=fpc)
    assert result.method == "E3"
    assert_same_figure(result.domains[0], A[name])
    for breakdown in ("sector",) if fpc else ("sector", "kind"):
        result = estimate(month_cells(lambda _: "x", unit_service, domain=DOMAINS[breakdown]), fpc=fpc)
        assert_same_domains(result.domains, result.covariance, A[f"{name}_by_{breakdown}"])


def test_units_as_strata_then_post_stratified() -> None:
    """R: the same with strata = ~unit and the unit's whole caseload as fpc."""
    assert_same_figure(estimate(month_cells(DOMAINS["unit"], unit_service)).domains[0], A["A3_unit_then_post"])
    result = estimate(month_cells(DOMAINS["unit"], unit_service, domain=DOMAINS["sector"]))
    assert_same_domains(result.domains, result.covariance, A["A3_by_sector"])


@pytest.mark.parametrize("breakdown", ["", "sector", "unit"])
def test_post_strata_that_cross_design_strata(breakdown: str) -> None:
    """R: strata = ~unit with weights N/n, then postStratify(~sector:kind); covariances spread over all domains."""
    more = {"domain": DOMAINS[breakdown]} if breakdown else {}
    cells = month_cells(
        DOMAINS["unit"], lambda record: record["sector"] + record["kind"], base_weight=unit_weight, **more
    )
    population = np.array([unit_totals()[0][unit] for unit in cells.stratum_labels], dtype=np.float64)
    result = estimate(replace(cells, stratum_population=population), fpc=True)
    if breakdown:
        assert_same_domains(result.domains, result.covariance, A[f"A4_by_{breakdown}"])
    else:
        assert_same_figure(result.domains[0], A["A4_unit_post_crossing"])


def test_raked_to_unit_service_and_kind() -> None:
    """R: rake(design, list(~unit, ~service, ~kind), totals), iterated to convergence."""
    cells = month_cells(lambda _: "x", unit_service, margins=MARGINS)
    result = estimate(cells, fpc=False, margins=[margin(record) for record in MARGINS])
    assert result.method == "E3"
    assert_same_figure(result.domains[0], A["A5_rake"])


def test_raked_with_units_as_strata_of_known_size() -> None:
    """R: rake(design, list(~service, ~kind), totals) with strata = ~unit, weights N/n and fpc."""
    cells = month_cells(DOMAINS["unit"], unit_service, margins=MARGINS, base_weight=unit_weight)
    result = estimate(cells, fpc=True, margins=[margin("service"), margin("kind")])
    assert_same_figure(result.domains[0], A["A5s_unit_strata_rake"])


def test_raked_domains_and_weights() -> None:
    """R: svyby(~y, ~sector, raked, svymean, covmat = TRUE) and weights(raked), raked as A5."""
    cells = month_cells(lambda _: "x", unit_service, margins=MARGINS, domain=DOMAINS["sector"])
    margins = [margin(record) for record in MARGINS]
    result = estimate(cells, fpc=False, margins=margins)
    assert_same_domains(result.domains, result.covariance, A["A5_by_sector"])
    weights = dict(zip(map(unit_service_kind, records("a_month_caseload")), rake(cells, margins).weight, strict=True))
    want = A["A5_rake_weights"]
    assert [weights[key] for key in want["key"]] == close(want["w"])


def pooled_items(answers: list[Record]) -> tuple[int, int, int, int, int]:
    given = [[int(answer[item]) for item in ITEMS if answer[item]] for answer in answers]
    z = [sum(value >= 4 for value in values) for values in given]
    a = [len(values) for values in given]
    return sum(z), sum(a), sum(x * x for x in z), sum(x * y for x, y in zip(z, a, strict=True)), sum(y * y for y in a)


def mean_rating(answers: list[Record]) -> tuple[int, int, int, int, int]:
    ratings = [int(answer["rating"]) for answer in answers]
    return sum(ratings), len(ratings), sum(x * x for x in ratings), sum(ratings), len(ratings)


def test_pooled_items_are_a_ratio_with_its_own_variance() -> None:
    """R: svyratio(~items satisfied, ~items answered, design)."""
    domain = estimate(month_cells(unit_service, unit_service, ratio=pooled_items)).domains[0]
    want = A["A8_index"]["ratio_answered"]
    assert (domain.estimate, domain.standard_error) == (close(want["est"]), close(want["se"]))


def test_the_mean_rating_over_five() -> None:
    """R: svymean(~rating, design, deff = TRUE), divided by 5."""
    domain = estimate(month_cells(unit_service, unit_service, ratio=mean_rating, scale=5)).domains[0]
    want = A["A8_index"]["mean_rating"]
    assert (domain.estimate, domain.standard_error) == (close(want["est"] / 5), close(want["se"] / 5))
    assert domain.design_effect == close(want["deff"])


@pytest.mark.parametrize("item", ITEMS)
def test_a_detailed_question_among_those_who_answered_it(item: str) -> None:
    """R: svymean(~item, design, na.rm = TRUE): those who answered are a domain."""
    caseload = Counter[str]()
    for record in records("a_month_caseload"):
        caseload[unit_service(record)] += int(record["N"])
    cells = clustered_cells(
        [dict(record, cell=unit_service(record)) for record in records("a_month_micro")],
        stratum="cell",
        psu="",
        post=unit_service,
        caseload=caseload,
        domain=lambda record: "answered" if record[item] else "",
        hit=lambda record: bool(record[item]) and int(record[item]) >= 4,
    )
    ours, want = estimate(cells)["answered"], A["A8_index"]["items_available"][ITEMS.index(item)]
    assert (ours.estimate, ours.standard_error, ours.df) == (close(want["est"]), close(want["se"]), want["df"])


PARENTS = {
    "unit": lambda record: record["unit"],
    "sector": lambda record: record["sector"],
    "us": lambda record: record["unit"] + record["sector"],
}


@pytest.mark.parametrize("minimum", [2, 5])
@pytest.mark.parametrize("parent", ["unit", "sector", "us"])
def test_collapsed_strata_are_the_same_and_give_the_same_figures(parent: str, minimum: int) -> None:
    """R: svydesign(~1, strata = ~group, fpc = ~N) and svyby. R collapses nothing: `map` is from a script of its own."""
    want = A[f"A9_collapse_{parent}_min{minimum}"]
    rows = {unit_service(record): record for record in records("a_month_caseload")}
    n = Counter(unit_service(record) for record in records("a_month_micro"))
    caseload = Counter[str]()
    for record in records("a_month_caseload"):
        caseload[unit_service(record)] += int(record["N"])
    keys = sorted(rows)
    chains = [((PARENTS[parent](rows[key]),),) for key in keys]
    weighting_group = collapse(keys, chains, [n[key] for key in keys], [caseload[key] for key in keys], minimum=minimum)
    group = dict(zip(keys, weighting_group.tolist(), strict=True))
    assert same_partition([group[key] for key in want["map"]["h"]], want["map"]["group"])
    assert {key for key in keys if caseload[key]} == set(want["map"]["h"])
    covered = [key for key in keys if group[key] >= 0]
    assert len({group[key] for key in covered}) == want["groups"]
    assert (sum(caseload[key] for key in covered), caseload.total()) == (want["covered_N"], want["total_N"])
    result = estimate(month_cells(unit_service, unit_service).pooled(weighting_group))
    assert_same_figure(result.domains[0], want)
    if parent != "us":
        result = estimate(month_cells(unit_service, unit_service, domain=DOMAINS[parent]).pooled(weighting_group))
        assert_same_domains(result.domains, result.covariance, A[f"A9_collapse_{parent}_min{minimum}_by_{parent}"])


def same_partition(ours: list[int], theirs: list[str | None]) -> bool:
    pairs = set(zip(ours, theirs, strict=True))
    covered = all((a == -1) == (b is None) for a, b in pairs)
    return covered and len(pairs) == len(set(ours)) == len(set(theirs))


@cache
def unit_totals() -> tuple[Counter[str], Counter[str]]:
    """Caseload and answers of each unit."""
    caseload = Counter[str]()
    for record in records("a_month_caseload"):
        caseload[record["unit"]] += int(record["N"])
    return caseload, Counter(record["unit"] for record in records("a_month_micro"))


def unit_weight(record: Record) -> float:
    caseload, answers = unit_totals()
    return caseload[record["unit"]] / max(answers[record["unit"]], 1)


def margin(name: str) -> Margin:
    totals = Counter[str]()
    for record in records("a_month_caseload"):
        totals[record[name]] += int(record["N"])
    return Margin(name, totals)


def unit_service_kind(record: Record) -> str:
    return f"{unit_service(record)}|{record['kind']}"
