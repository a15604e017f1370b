"""Points of the one-stop indicators: their sum, and the borders of the grades as the rules draw them."""

from __future__ import annotations

import pytest

from analysis.presentation.facts import FactResult
from analysis.presentation.one_stop_points import grade, point_total, total_words

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (18, "Xuất sắc"),
        (15, "Xuất sắc"),
        (14.99, "Tốt"),
        (12, "Tốt"),
        (11.99, "Khá"),
        (9, "Khá"),
        (8.99, "Trung bình"),
        (6, "Trung bình"),
        (5.99, "Yếu"),
        (0, "Yếu"),
        (0.1 + 0.2 + 5.7, "Trung bình"),  # 5.999999999999999 in floating point
    ],
)
def test_a_border_belongs_to_the_better_grade(app: object, points: float, name: str) -> None:
    assert grade(points) == name


def indicator(points: float | None) -> FactResult:
    return FactResult("one", "Chỉ số", 40, is_points=True, points=points)


def test_what_citizens_judge_leaves_open_what_the_system_adds(app: object) -> None:
    total = point_total([indicator(1.5)] * 5 + [FactResult("trips", "Số lần đi lại", 40)])
    assert total is not None
    assert (total.points, total.most, total.others) == (7.5, 10, 8)
    assert (total.lowest, total.highest) == ("Trung bình", "Xuất sắc")
    assert "7,50 trên 10" in total_words(total)
    assert "12,00 điểm, Tốt" in total_words(total, 4.5)


def test_no_total_is_told_where_one_indicator_is_held_back_or_none_is_asked(app: object) -> None:
    assert point_total([indicator(1.5), indicator(None)]) is None
    assert point_total([FactResult("trips", "Số lần đi lại", 40)]) is None


@pytest.mark.parametrize(("points", "words"), [(11.996, "11,996 điểm, Khá"), (12 - 1e-4, "11,9999 điểm, Khá")])
def test_points_just_below_a_border_are_never_printed_as_the_border(app: object, points: float, words: str) -> None:
    total = point_total([indicator(1.6), *[indicator((points - 4 - 1.6) / 4)] * 4])
    assert total is not None
    assert words in total_words(total, 4.0)
    below = point_total([indicator(1.5), *[indicator((points - 6 - 1.5) / 4)] * 4])
    assert below is not None
    assert below.lowest == "Yếu"
    assert "6,00 trên" not in total_words(below)
