"""Who was drawn together: what is warned of names its strata, and a wrong N corrects nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.stats

from analysis.statistics import Cells, Estimation, Margin, estimate
from analysis.statistics.variance.effective import (
    at_least,
    at_most,
    clustered_sample_size,
    effective_sample_size,
    p_above,
    p_below,
)


def of(**columns: Any) -> Cells:
    return Cells.from_columns(**columns)


def messages(estimation: Estimation) -> dict[str, str]:
    return {caveat.code.value: caveat.message for caveat in estimation.warnings}


def test_a_stratum_of_one_answer_is_named() -> None:
    cells = of(
        stratum=["a", "a", "lone"],
        post_stratum=["ax", "ay", "lx"],
        caseload=[100, 50, 80],
        responses=[10, 5, 1],
        satisfied=[8, 4, 1],
    )
    said = messages(estimate(cells))["lonely_psu"]
    assert "lone" in said
    assert "(lone)" in said


def test_where_strata_are_post_strata_in_another_order_the_lone_one_goes_by_its_own_name() -> None:
    cells = of(stratum=["x", "y"], post_stratum=["x", "y"], caseload=[100, 50], responses=[10, 1], satisfied=[8, 1])
    turned = replace(cells, stratum=1 - cells.stratum, stratum_labels=("y", "x"))
    estimation = estimate(turned)
    assert estimation.method == "E1"
    assert "(y)" in messages(estimation)["lonely_psu"]


def test_a_post_stratum_that_is_left_out_corrects_nobody() -> None:
    columns: dict[str, Any] = {
        "stratum": ["x", "y", "z"],
        "post_stratum": ["x", "y", "z"],
        "caseload": [100, 50, 900],
        "responses": [20, 10, 30],
        "satisfied": [15, 6, 1],
    }
    left_out = replace(of(**columns), weighting_group=np.array([0, 1, -1]))
    without = of(**{name: column[:2] for name, column in columns.items()})
    assert estimate(left_out, fpc=True).method == "E1"
    figures = [estimate(cells, fpc=True).domains[0] for cells in (left_out, without)]
    assert figures[0].variance == pytest.approx(figures[1].variance)


def test_only_the_stratum_of_unknown_size_is_told_to_have_no_correction() -> None:
    cells = of(
        stratum=["a", "b", "c"],
        post_stratum=["shared", "shared", "c1"],
        caseload=[100, 100, 80],
        responses=[10, 5, 40],
        satisfied=[8, 4, 30],
    )
    said = messages(estimate(cells, fpc=True))["no_fpc"]
    assert "(a, b)" in said


def test_a_design_without_fault_is_warned_of_nothing() -> None:
    cells = of(
        stratum=["a", "a", "b"],
        post_stratum=["ax", "ay", "bx"],
        caseload=[100, 50, 80],
        responses=[40, 35, 40],
        satisfied=[30, 20, 30],
    )
    assert messages(estimate(cells, fpc=True)) == {}


def test_one_post_stratum_with_more_answers_than_dossiers_takes_the_correction_from_its_stratum() -> None:
    cells = of(
        stratum=["a", "a", "b"],
        post_stratum=["ax", "ay", "bx"],
        caseload=[5, 100, 80],
        responses=[10, 40, 40],
        satisfied=[8, 20, 30],
        domain=["a", "a", "b"],
    )
    with_it, without = (estimate(cells, fpc=fpc) for fpc in (True, False))
    assert with_it["a"].variance == without["a"].variance
    assert with_it["b"].variance == pytest.approx(without["b"].variance / 2)


def test_two_answers_of_two_days_are_the_fewest_that_have_a_size() -> None:
    def size(n: float, df: float) -> float:
        columns = {"n": n, "p": 0.5, "variance": 0.2, "design_based": 50.0, "df": df, "bias": 1.0, "alike": 0.01}
        return float(clustered_sample_size(**{name: np.array([value]) for name, value in columns.items()})[0])

    t = scipy.stats.t.ppf
    assert size(2.0, 1.0) == pytest.approx(min(2.0, 0.5 / 0.2))
    assert size(3.0, 1.0) == pytest.approx((t(0.975, 2) / t(0.975, 1)) ** 2 * (3 / 2 * 0.25) / 0.2)
    assert np.isnan(size(1.0, 1.0))
    assert np.isnan(size(3.0, 0.0))


def test_what_stands_at_an_end_surprises_nobody() -> None:
    assert float(p_above(0.0, 40.0, 0.8)) == 1.0
    assert float(p_below(1.0, 40.0, 0.8)) == 1.0


def test_rounding_of_a_sum_of_weights_decides_nothing() -> None:
    for rounded in (30 * (1 - 1e-15), 30.0, 30 * (1 + 1e-15)):
        assert at_least(rounded, 30)
        assert at_most(rounded, 30)
    assert not at_least(29.99, 30)
    assert not at_most(30.01, 30)


def test_days_of_two_agencies_that_bear_one_code_are_two_days() -> None:
    cells = of(
        stratum=["a"] * 4 + ["b"] * 3,
        post_stratum=["ax", "ax", "ay", "ay", "bx", "bx", "bx"],
        caseload=[100, 100, 50, 50, 80, 80, 80],
        psu=["1", "2", "1", "", "1", "2", ""],
        responses=[10, 5, 7, 3, 9, 8, 4],
        satisfied=[8, 1, 6, 3, 2, 7, 1],
    )
    repeated = replace(cells, psu=np.array([1, 0, 1, -1, 1, 0, -1]))
    assert len(set(cells.psu.tolist())) == 5
    assert estimate(repeated).domains == estimate(cells).domains


@pytest.mark.parametrize(("third", "size"), [(30 * (1 - 1e-15), 30.0), (29.99, 29.99)])
def test_equal_weights_leave_whole_answers(third: float, size: float) -> None:
    columns = {"n": 30.0, "p": 0.5, "variance": 1e-4, "design_based": third}
    assert effective_sample_size(**{name: np.array([value]) for name, value in columns.items()}).tolist() == [size]


def test_raked_answers_and_unlike_base_weights_have_no_exact_share() -> None:
    columns: dict[str, Any] = {
        "stratum": ["a", "a", "b"],
        "post_stratum": ["a", "a", "b"],
        "caseload": [100, 100, 50],
        "responses": [20, 10, 10],
        "satisfied": [15, 4, 6],
    }
    raked = estimate(of(**columns, margins={"kind": ["i", "o", "o"]}), margins=[Margin("kind", {"i": 60, "o": 40})])
    assert raked.domains[0].exact_estimate is None
    for base, is_exact in (([2, 2, 7], True), ([2, 3, 7], False)):
        assert (estimate(of(**columns, base_weight=base)).domains[0].exact_estimate is not None) == is_exact


def test_one_day_known_is_enough_to_draw_by_days() -> None:
    columns: dict[str, Any] = {"stratum": ["x"], "post_stratum": ["x"], "caseload": [90], "responses": [9]}
    assert estimate(of(**columns, satisfied=[4])).method == "E1"
    assert estimate(of(**columns, satisfied=[4], psu=["1"])).method == "E3"


def test_a_stratum_that_is_no_post_stratum_is_none_by_its_place() -> None:
    cells = of(stratum=["x", "y"], post_stratum=["x", "y"], caseload=[100, 50], responses=[10, 9], satisfied=[8, 1])
    assert estimate(replace(cells, stratum_labels=("x", "z"))).method == "E3"


def test_variances_stand_on_the_diagonal_of_the_covariance() -> None:
    """A post-stratum of two strata beside one of a single stratum that no domain reports: its units are zeros."""
    cells = of(
        stratum=["a", "a", "b", "a", "a", "b"],
        post_stratum=["x", "y", "x", "x", "y", "x"],
        caseload=[900, 300, 900, 900, 300, 900],
        psu=["1", "2", "1", "", "", ""],
        domain=["one", None, "one", "one", None, "one"],
        responses=[9, 6, 7, 8, 5, 4],
        satisfied=[8, 6, 1, 7, 4, 0],
    )
    for each in (cells, replace(cells, psu=np.full(6, -1))):
        estimation = estimate(each, fpc=False)
        variances = [domain.variance for domain in estimation.domains]
        assert np.diag(estimation.covariance).tolist() == pytest.approx(variances)
