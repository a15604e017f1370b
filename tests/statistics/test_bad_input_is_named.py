"""Bad input gets a named error or a typed warning, never a silent number."""

from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    Cells,
    Margin,
    Ratio,
    StatisticsError,
    Threshold,
    benjamini_hochberg,
    collapse,
    estimate,
    judge,
    manski_bounds,
    rank_sets,
    suppress_table,
    tipping_share,
)

GOOD: dict[str, Any] = {
    "stratum": ["a", "a", "b"],
    "post_stratum": ["ax", "ay", "bx"],
    "caseload": [100, 50, 80],
    "responses": [10, 5, 40],
    "satisfied": [8, 5, 30],
}


def cells(**changes: Any) -> Cells:
    return Cells.from_columns(**(GOOD | changes))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"responses": [-1, 5, 40]}, "negative"),
        ({"satisfied": [8, 6, 30]}, "satisfied_exceeds"),
        ({"responses": [float("nan"), 5, 40]}, "not_whole"),
        ({"responses": [10.5, 5, 40]}, "not_whole"),
        ({"responses": ["10", "5", "40"]}, "not_whole"),
        ({"caseload": [float("nan"), 50, 80]}, "not_amount"),
        ({"caseload": [float("inf"), 50, 80]}, "not_amount"),
        ({"caseload": [-100, 50, 80]}, "not_amount"),
        ({"responses": [10, 5]}, "length"),
        ({"caseload": [100, 50]}, "length"),
        ({"base_weight": [1, 0, 1]}, "base_weight"),
        ({"post_stratum": ["ax", "ax", "bx"]}, "caseload_differs"),
        ({"margins": {"kind": ["I", None, "O"]}}, "code_out_of_range"),
        ({"margins": {"kind": ["I", "O"]}}, "length"),
    ],
)
def test_impossible_cells_are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(StatisticsError) as caught:
        cells(**changes)
    assert caught.value.code == code


def test_codes_outside_the_labels_are_refused() -> None:
    good = cells()
    arguments = {
        name: getattr(good, name) for name in ("stratum", "post_stratum", "psu", "domain", "responses", "satisfied")
    }
    labels = {
        name: getattr(good, name) for name in ("caseload", "stratum_labels", "post_stratum_labels", "domain_labels")
    }
    for name, codes in {
        "stratum": [0, 0, 2],
        "post_stratum": [0, 1, 3],
        "domain": [0, 0, 1],
        "psu": [-2, 0, 0],
    }.items():
        with pytest.raises(StatisticsError, match=f"Mã trong cột {name} nằm ngoài phạm vi"):
            Cells(**(arguments | {name: np.array(codes)}), **labels)


def test_two_domains_of_one_name_are_refused() -> None:
    with pytest.raises(StatisticsError, match="tên riêng"):
        replace(cells(domain=["d", "e", "e"]), domain_labels=("d", "d"))


def test_a_part_nobody_answered_in_weighs_nothing_whatever_rounding_does() -> None:
    """Thirds: pupils are the mean of a term's months."""
    thin = cells(post_stratum=list("xyz"), caseload=[1 / 3, 1 / 3, 4 / 3], responses=[1] * 3, satisfied=[1] * 3)
    assert (estimate(thin).domains[0].coverage, estimate(thin).domains[0].coverage_adequate) == (1.0, 0.0)


def test_counter_days_may_have_any_number() -> None:
    far = replace(cells(), psu=np.array([10**12, 10**12, 7]))
    near = replace(cells(), psu=np.array([1, 1, 0]))
    assert estimate(far).domains == estimate(near).domains


def codes(result: Any) -> set[str]:
    return {warning.code.value for warning in result.warnings}


def test_answers_without_a_caseload_count_only_unweighted() -> None:
    result = estimate(cells(caseload=[100, None, 80]))
    domain = result.domains[0]
    assert codes(result) >= {"no_caseload"}
    assert (domain.n, domain.responses, domain.sum_of_weights) == (50, 55, 180.0)
    assert domain.estimate == pytest.approx((100 * 0.8 + 80 * 0.75) / 180)
    assert domain.unweighted == 43 / 55
    assert "5 lượt đánh giá" in next(warning.message for warning in result.warnings if warning.code == "no_caseload")


def test_an_agency_without_any_caseload_has_an_unweighted_figure_and_no_verdict() -> None:
    domain = estimate(cells(caseload=[None] * 3)).domains[0]
    assert (domain.estimate, domain.interval, domain.coverage, domain.response_rate) == (None, None, None, None)
    assert (domain.unweighted, domain.n) == (43 / 55, 55)
    assert judge(domain, Threshold.parse(">60")) is None


def test_more_answers_than_dossiers_is_flagged_and_never_capped() -> None:
    result = estimate(cells(stratum=["ax", "ay", "bx"], caseload=[100, 50, 30]), fpc=True)
    without = estimate(cells(stratum=["ax", "ay", "bx"], caseload=[100, 50, 30]), fpc=False)
    assert "over_response" in codes(result)
    assert result.domains[0].response_rate == 55 / 180
    finite = (100 / 180) ** 2 * (0.9 - 1) * 0.8 * 0.2 / 9
    assert result.domains[0].variance == pytest.approx(without.domains[0].variance + finite)


def test_a_lone_answer_low_coverage_and_silence_are_flagged() -> None:
    result = estimate(cells(stratum=["ax", "ay", "bx"], responses=[1, 5, 0], satisfied=[1, 5, 0]))
    assert codes(result) >= {"lonely_psu", "low_coverage"}
    assert result.domains[0].coverage == 150 / 230
    assert result.domains[0].coverage_adequate == 50 / 230
    assert "no_responses" in codes(estimate(cells(responses=[0] * 3, satisfied=[0] * 3)))


def test_repeated_cells_are_added_and_flagged() -> None:
    doubled = {name: column * 2 for name, column in GOOD.items()}
    result = estimate(Cells.from_columns(**doubled))
    assert "duplicate_cells" in codes(result)
    assert result.domains[0].n == 110


def test_no_cells_at_all_give_no_domains_and_say_so() -> None:
    nothing = Cells.from_columns(stratum=[], post_stratum=[], caseload=[], responses=[], satisfied=[])
    result = estimate(nothing)
    assert (result.domains, codes(result)) == ((), {"no_cells"})
    assert result.covariance.shape == (0, 0)


def test_a_stratum_of_unknown_size_has_no_correction() -> None:
    crossing = cells(post_stratum=["x", "y", "x"], caseload=[100, 50, 100])
    result = estimate(crossing, fpc=True)
    assert "no_fpc" in codes(result)
    assert result.domains[0].variance == estimate(crossing, fpc=False).domains[0].variance


MARGIN = {"kind": ["I", "O", "I"]}
NO_TOTAL = "Loại O của cột kind có lượt đánh giá nhưng không có tổng (hoặc tổng bằng 0)."
NOT_A_TOTAL = "Tổng biên kind phải là số hữu hạn, không âm."
SILENT = "Loại X của cột kind không có lượt đánh giá nào; hãy gộp nó với loại khác."


@pytest.mark.parametrize(
    ("margin", "code", "message"),
    [
        (Margin("age", {"I": 1}), "margin_column", "Bảng ô số liệu không có cột age để gia quyền theo."),
        (Margin("kind", {"I": 100}), "margin_category", NO_TOTAL),
        (Margin("kind", {"I": 100, "O": 0}), "margin_category", NO_TOTAL),
        (Margin("kind", {"I": 100, "O": float("nan")}), "margin_total", NOT_A_TOTAL),
        (Margin("kind", {"I": 100, "O": float("inf")}), "margin_total", NOT_A_TOTAL),
        (Margin("kind", {"I": 100, "O": -50}), "margin_total", NOT_A_TOTAL),
        (Margin("kind", {"I": 100, "O": 50, "X": 0.5}), "margin_silent", SILENT),
    ],
)
def test_impossible_margins_are_refused(margin: Margin, code: str, message: str) -> None:
    with pytest.raises(StatisticsError) as caught:
        estimate(cells(margins=MARGIN), margins=[margin])
    assert (caught.value.code, str(caught.value)) == (code, message)


def test_a_category_of_nobody_may_stand_in_a_margin() -> None:
    given = cells(margins=MARGIN)
    without, beside = (estimate(given, margins=[Margin("kind", {"I": 100, "O": 50} | more)]) for more in ({}, {"X": 0}))
    assert without.domains == beside.domains


def test_margins_of_different_populations_are_refused() -> None:
    given = cells(margins=MARGIN | {"area": ["r", "u", "u"]})
    with pytest.raises(StatisticsError) as caught:
        estimate(given, margins=[Margin("kind", {"I": 100, "O": 50}), Margin("area", {"r": 100, "u": 60})])
    assert (caught.value.code, str(caught.value)) == (
        "margin_sums",
        "Các tổng biên có tổng khác nhau (150 và 160); chúng phải mô tả cùng một tổng thể.",
    )


@pytest.mark.parametrize(("total", "accepted"), [(50 + 1e-8, True), (50 + 1e-6, False)])
def test_sums_of_margins_may_differ_by_rounding_alone(total: float, accepted: bool) -> None:
    given = cells(margins=MARGIN | {"area": ["r", "u", "u"]})
    margins = [Margin("kind", {"I": 100, "O": 50}), Margin("area", {"r": 100, "u": total})]
    with nullcontext() if accepted else pytest.raises(StatisticsError, match="cùng một tổng thể"):
        estimate(given, margins=margins)


def test_margins_that_contradict_the_cells_do_not_converge_and_say_so() -> None:
    """Category r holds only kind I and u only O, so the margins would have to be equal."""
    given = cells(margins={"kind": ["I", "O", "O"], "area": ["r", "u", "u"]})
    margins = [Margin("kind", {"I": 100, "O": 50}), Margin("area", {"r": 90, "u": 60})]
    assert "raking_not_converged" in codes(estimate(given, margins=margins))


def test_other_impossible_arguments_are_refused() -> None:
    with pytest.raises(StatisticsError, match="Giá trị p"):
        benjamini_hochberg([0.2, 1.5])
    with pytest.raises(StatisticsError, match="xếp hạng"):
        rank_sets([0.5, float("nan")], np.eye(2))
    with pytest.raises(StatisticsError, match="số nguyên không âm"):
        suppress_table([[1, -2]])
    with pytest.raises(StatisticsError, match="độ dài"):
        collapse(["a"], [], [1], [2])
    with pytest.raises(StatisticsError, match="số nguyên không âm"):
        Ratio.mean_rescaled([1], [0.5], [1])
    with pytest.raises(StatisticsError, match="mức cao nhất"):
        Ratio.mean_rescaled([2], [11], [61])
    with pytest.raises(StatisticsError, match="mức cao nhất"):
        Ratio.item_pooled([9], [8], ([81], [72], [64]))
    with pytest.raises(StatisticsError, match="không âm"):
        collapse(["a"], [()], [-1], [2])
    with pytest.raises(StatisticsError, match="không âm"):
        collapse(["a"], [()], [1], [float("nan")])
    for question in (lambda: manski_bounds(70, 60, 400), lambda: tipping_share(70, 60, 400, Fraction(4, 5))):
        with pytest.raises(StatisticsError, match="Một phần"):
            question()
