"""The words beside an inconclusive verdict advise only what can be done in the period."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from analysis.figures.service import Figure
from analysis.presentation.phrases import verdict_words
from analysis.statistics import Cells, Showing, Threshold, estimate, judge

pytestmark = pytest.mark.one_database


def figure(days: list[tuple[int, int]], caseload: int, target: str) -> Figure:
    cells = Cells.from_columns(
        stratum=["a"] * len(days),
        post_stratum=["a"] * len(days),
        psu=[str(i) for i in range(len(days))],
        caseload=[caseload] * len(days),
        responses=[n for n, _ in days],
        satisfied=[s for _, s in days],
    )
    domain = estimate(cells).domains[0]
    return Figure("", "", domain, judge(domain, Threshold.parse(target)), caseload, Showing.FULL)


def test_the_advice_is_one_that_can_be_followed(app: Flask) -> None:
    days = [(20, 15 + 2 * (i % 2)) for i in range(20)]  # 80 %, 400 answers
    with app.test_request_context():
        assert "cần thêm khoảng" in verdict_words(figure(days, 50_000, ">77"))
        assert "chọn ngẫu nhiên" in verdict_words(figure(days, 50_000, ">78.5"))
        assert "quá sát mốc" in verdict_words(figure(days, 450, ">78.5"))
        assert "quá sát mốc" in verdict_words(figure(days, 50_000, ">80"))


def test_answers_of_too_few_days_are_not_called_too_few_answers(app: Flask) -> None:
    with app.test_request_context():
        assert verdict_words(figure([(300, 250)], 50_000, ">70")) == "phiếu dồn vào quá ít ngày, chưa kết luận"
        assert "chưa đủ phiếu" in verdict_words(figure([(2, 1)] * 10, 50_000, ">70"))


def test_a_settled_verdict_needs_no_advice(app: Flask) -> None:
    settled = figure([(20, 16 + i % 2) for i in range(20)], 50_000, ">60")
    with app.test_request_context():
        assert verdict_words(settled) == "đủ căn cứ kết luận đạt"
        assert verdict_words(replace(settled, verdict=None)) == ""
