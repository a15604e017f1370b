"""Where hiding begins, to the unit: five is shown, what adds to five is enough, nothing malformed is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.statistics import (
    Audience,
    Cells,
    Interval,
    StatisticsError,
    SumConstraint,
    Threshold,
    estimate,
    showing,
    suppress,
    suppress_table,
)
from analysis.statistics.disclosure.primary import Edition


def figure(**changes: Any) -> Any:
    columns = {"stratum": ["a"], "post_stratum": ["a"], "caseload": [10_000]}
    return replace(estimate(Cells.from_columns(**columns, responses=[40], satisfied=[40])).domains[0], **changes)


def test_a_count_of_five_is_shown() -> None:
    assert not suppress([5, 20, 8, 33], [SumConstraint((0, 1, 2), 3)]).any()


def test_hidden_cells_that_add_up_to_five_are_enough() -> None:
    assert suppress([2, 3, 30, 7, 42], [SumConstraint((0, 1, 2, 3), 4)]).tolist() == [True, True, False, False, False]


def test_a_count_that_moved_by_five_is_shown_again() -> None:
    first = suppress_table([[40, 50], [60, 70]])
    assert not suppress_table([[45, 50], [60, 75]], previous=first).hidden.any()


def test_a_hidden_total_takes_one_of_its_visible_parts_along() -> None:
    lines = [SumConstraint((0, 1), 2), SumConstraint((2, 3), 4)]
    assert suppress([10, 11, 21, 3, 24], lines).tolist() == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_the_public_sees_no_share_worth_fewer_than_thirty_answers() -> None:
    assert showing(figure(), Audience.PUBLIC) == "full"
    assert showing(figure(n_eff=29.0), Audience.PUBLIC) != "full"
    assert showing(figure(n_eff=None), Audience.PUBLIC) != "full"
    assert showing(figure(n=29), Audience.PUBLIC) != "full"


@pytest.mark.parametrize("counts", [[5.5, 6.5], [-1, 6], [[5, 6]], [[-5, 6]], ["5", "6"]])
def test_what_is_no_list_of_counts_is_refused(counts: Any) -> None:
    with pytest.raises(StatisticsError, match=r"^Số đếm để công bố phải là số nguyên không âm\.$") as refused:
        suppress(counts, [])
    assert refused.value.code == "counts"


def test_what_does_not_add_up_is_refused_by_its_code() -> None:
    with pytest.raises(StatisticsError, match=r"^Một dòng tổng của bảng không bằng tổng các ô của nó\.$") as refused:
        suppress([6, 7, 14], [SumConstraint((0, 1), 2)])
    assert refused.value.code == "not_sum"


@pytest.mark.parametrize(("counts", "hidden"), [(2, 3), (3, 2), (2, 2)])
def test_an_edition_of_other_cells_is_refused(counts: int, hidden: int) -> None:
    before = Edition(np.full(counts, 9), np.full(hidden, False))
    with pytest.raises(StatisticsError, match=r"^Kỳ công bố trước phải gồm đúng các ô của kỳ này\.$") as refused:
        suppress([9, 9, 18], [SumConstraint((0, 1), 2)], previous=before)
    assert refused.value.code == "edition"


def test_a_table_of_other_shape_is_refused_by_its_code() -> None:
    with pytest.raises(StatisticsError, match=r"^Kỳ công bố trước") as refused:
        suppress_table([[9, 9]], previous=suppress_table([[9], [9]]))
    assert refused.value.code == "edition"
    with pytest.raises(StatisticsError, match=r"^Bảng để che số liệu phải có hàng và cột\.$") as refused:
        suppress_table([9, 9])
    assert refused.value.code == "shape"


def test_without_an_estimate_no_threshold_holds_or_fails() -> None:
    with pytest.raises(StatisticsError, match=r"^Chưa có ước lượng để so với mốc\.$") as refused:
        Threshold.parse(">80").holds(figure(estimate=None))
    assert refused.value.code == "no_estimate"


def test_an_interval_of_thirty_points_is_too_wide_for_the_public() -> None:
    assert showing(figure(interval=Interval(0.95, 0.2, 0.5)), Audience.PUBLIC) == "suppressed"
    assert showing(figure(interval=Interval(0.95, 0.2, 0.49)), Audience.PUBLIC) == "full"


def test_hidden_cells_that_their_totals_fix_together_take_the_smallest_total_along() -> None:
    """x + y = 8, y + z = 7, x + z = 7 has one solution: with nothing else to hide, one total must go."""
    lines = [SumConstraint((0, 1), 3), SumConstraint((1, 2), 4), SumConstraint((0, 2), 5)]
    assert suppress([4, 4, 3, 8, 7, 7], lines).tolist() == [True, True, True, False, True, False]
