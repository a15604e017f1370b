"""Estimates at the edge of what is defined: a census, one answer, two, answers that no domain reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.statistics import Cells, DomainEstimate, Estimation, Margin, Ratio, estimate

FIGURES = ("estimate", "variance", "n", "n_eff", "df", "df_effective", "kappa", "design_effect")


def of_one_agency(n: int, satisfied: int, caseload: int) -> DomainEstimate:
    cells = Cells.from_columns(
        stratum=["a"], post_stratum=["a"], caseload=[caseload], responses=[n], satisfied=[satisfied]
    )
    return estimate(cells, fpc=True).domains[0]


def test_a_census_is_worth_every_answer_and_has_no_design_effect() -> None:
    census = of_one_agency(40, 30, 40)
    assert (census.variance, census.n_eff, census.design_effect) == (0.0, 40.0, None)


def test_a_design_effect_takes_two_answers_that_differ() -> None:
    assert of_one_agency(1, 1, 50).design_effect is None
    assert of_one_agency(20, 20, 50).design_effect is None
    assert of_one_agency(2, 1, 50).design_effect == pytest.approx(1.0)


def test_kish_design_effect_does_not_ask_how_large_the_weights_are() -> None:
    columns: dict[str, Any] = {"stratum": ["a", "b"], "post_stratum": ["a", "b"], "responses": [8, 2]}
    for scale in (1, 100):
        cells = Cells.from_columns(**columns, satisfied=[4, 1], caseload=[0.1 * scale, 0.3 * scale])
        expected = 10 * (0.1**2 / 8 + 0.3**2 / 2) / 0.4**2
        assert estimate(cells, fpc=False).domains[0].kish_design_effect == pytest.approx(expected)


def test_answers_that_no_domain_reports_weigh_as_those_of_another_domain_do() -> None:
    columns: dict[str, Any] = {
        "stratum": ["a"] * 8,
        "post_stratum": ["x", "x", "x", "x", "x", "y", "y", "y"],
        "caseload": [900] * 5 + [300] * 3,
        "psu": ["1", "1", "2", "3", "", "1", "2", "3"],
        "domain": ["shown", "other", "shown", "other", "other", "shown", "shown", "shown"],
        "responses": [9, 6, 7, 8, 5, 4, 11, 3],
        "satisfied": [7, 6, 3, 2, 4, 4, 6, 2],
    }
    told = Cells.from_columns(**columns)
    at = told.domain_labels.index("shown")
    untold = replace(told, domain=np.where(told.domain == at, 0, -1), domain_labels=("shown",))
    (alone,), beside = estimate(untold, fpc=False).domains, estimate(told, fpc=False)["shown"]
    assert [getattr(alone, name) for name in FIGURES] == pytest.approx([getattr(beside, name) for name in FIGURES])


def codes(estimation: Estimation) -> set[str]:
    return {caveat.code.value for caveat in estimation.warnings}


@pytest.mark.parametrize(("adequate", "low"), [(801, False), (800, False), (799, True)])
def test_four_fifths_of_the_caseload_with_enough_answers_are_enough(adequate: int, low: bool) -> None:
    cells = Cells.from_columns(
        stratum=["a", "b"],
        post_stratum=["a", "b"],
        caseload=[adequate, 1_000 - adequate],
        responses=[50, 4],
        satisfied=[40, 3],
    )
    assert ("low_coverage" in codes(estimate(cells))) == low


def test_raked_answers_need_no_caseload_of_their_own() -> None:
    cells = Cells.from_columns(
        stratum=["a", "b"],
        post_stratum=["a", "b"],
        caseload=[0, 0],
        responses=[30, 40],
        satisfied=[20, 30],
        margins={"kind": ["i", "o"]},
    )
    assert "no_caseload" in codes(estimate(cells))
    assert "no_caseload" not in codes(estimate(cells, margins=[Margin("kind", {"i": 600, "o": 400})]))


def test_a_warning_names_its_domains_and_counts_repeated_cells() -> None:
    cells = Cells.from_columns(
        stratum=["a", "a", "a", "b"],
        post_stratum=["a", "a", "a", "b"],
        caseload=[100, 100, 100, 100],
        responses=[20, 10, 5, 3],
        satisfied=[10, 5, 5, 2],
        domain=["enough", "enough", "enough", "thin"],
    )
    messages = {caveat.code.value: caveat.message for caveat in estimate(cells).warnings}
    assert "thin" in messages["low_coverage"]
    assert "enough" not in messages["low_coverage"]
    assert "2" in messages["duplicate_cells"]


def test_cells_that_differ_in_their_day_domain_or_base_weight_alone_repeat_nothing() -> None:
    cells = Cells.from_columns(
        stratum=["a"] * 6,
        post_stratum=["a"] * 6,
        caseload=[500] * 6,
        psu=["", "1", "2", "1", "", "1"],
        domain=["x", "x", "x", "y", "y", "x"],
        base_weight=[1, 1, 1, 1, 1, 2],
        responses=[9] * 6,
        satisfied=[7] * 6,
    )
    assert "duplicate_cells" not in codes(estimate(cells))


def test_the_unweighted_mean_rating_is_told_over_five() -> None:
    cells = Cells.from_columns(
        stratum=["a", "b"],
        post_stratum=["a", "b"],
        caseload=[100, 0],
        responses=[4, 6],
        satisfied=[3, 2],
        ratio=Ratio.mean_rescaled(np.array([4, 6]), np.array([16, 18]), np.array([66, 60])),
    )
    assert estimate(cells).domains[0].unweighted == pytest.approx((16 + 18) / (10 * 5))


def test_answers_that_weigh_less_than_one_dossier_together_are_the_ones_that_count() -> None:
    cells = Cells.from_columns(
        stratum=["a", "b"], post_stratum=["a", "b"], caseload=[0.5, 0], responses=[10, 7], satisfied=[5, 7]
    )
    (figure,) = estimate(cells, fpc=False).domains
    assert (figure.n, figure.responses) == (10, 17)
