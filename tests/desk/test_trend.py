"""A trend is claimed only where both the slope and the order of the months support it."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.desk.trend import trend_sentence, year_sentence
from analysis.figures.figure import Figure
from analysis.statistics import Cells, DomainEstimate, Showing, estimate

pytestmark = pytest.mark.one_database


def of(satisfied: int, n: int = 200) -> DomainEstimate:
    cells = Cells.from_columns(stratum=["a"], post_stratum=["a"], caseload=[5000], responses=[n], satisfied=[satisfied])
    return estimate(cells, fpc=False).domains[0]


def months(*satisfied: int) -> list[Figure]:
    return [
        Figure(str(i), str(i), of(satisfied_count), None, 5000, Showing.FULL)
        for i, satisfied_count in enumerate(satisfied)
    ]


def test_eight_rising_months_rise(app: Flask) -> None:
    with app.test_request_context():
        sentence = trend_sentence(months(120, 125, 131, 136, 142, 148, 155, 160)) or ""
    assert sentence.startswith("Xu hướng qua 8 tháng: tăng (+")
    assert "Mann-Kendall: τ = 1,00, p = 0,000" in sentence


def test_falling_months_fall(app: Flask) -> None:
    with app.test_request_context():
        assert "qua 3 tháng: giảm (-" in (trend_sentence(months(180, 150, 120)) or "")


def test_one_jump_at_the_end_is_not_yet_a_trend(app: Flask) -> None:
    with app.test_request_context():
        sentence = trend_sentence(months(150, 149, 151, 148, 150, 147, 149, 190)) or ""
    assert "chưa thể nói là tăng hay giảm (+" in sentence


def test_two_months_are_no_trend(app: Flask) -> None:
    with app.test_request_context():
        assert trend_sentence(months(120, 160)) is None


def test_ever_higher_sets_the_year_against_the_one_before(app: Flask) -> None:
    with app.test_request_context():
        assert "Năm 2026 so với năm 2025: +20,0 điểm" in (year_sentence(2026, of(160), of(120)) or "")
        assert (year_sentence(2026, of(160), of(120)) or "").endswith("tăng rõ rệt.")
        assert (year_sentence(2026, of(121), of(120)) or "").endswith("chưa thể nói là tăng hay giảm.")
        assert year_sentence(2026, of(160), None) is None
