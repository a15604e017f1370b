"""Figures of spans of days: of exactly those days, weighted by the part of each month's caseload that lies in them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.store.commands import keep_sums
from analysis.figures.weighting.proportion import cut_shares, proportion_words
from analysis.presentation.figures_json import figure_json
from analysis.statistics import Point, Threshold
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.responses.models import Rating
from tests.desk import world
from tests.support.cases import in_one_world

SUBJECTS = ("health_service", "education_service", "agency_service", "procedures", "health_and_education")
BY = (None, "agency", "service", "month", "channel", "respondent_kind")
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 10, 31)


def days(first: str, last: str) -> Period:
    return Period.parse(f"{first}..{last}", days=True)


def ask(period: Period, subject: str = "health_service", **more: Any) -> Figures:
    return answer(FigureQuery(province="dak-lak", subject=subject, period=period, **more), Threshold.parse(">80"))


def shown(figures: Figures) -> list[Any]:
    rows = [figure_json(figure, figures.threshold) for figure in figures.figures]
    return [rows, [note.message for note in figures.notes]]


def random_spans(count: int) -> list[Period]:
    random, every = Random(20261121), [FIRST + dt.timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
    return [Period.between(*sorted(random.sample(every, 2))) for _ in range(count)]


@in_one_world(
    ("subject", "span", "months"),
    [
        (subject, span, months)
        for subject in SUBJECTS
        for span, months in (
            (("2026-09-01", "2026-10-31"), "2026-09..2026-10"),
            (("2026-10-01", "2026-10-31"), "2026-10"),
        )
    ],
)
def test_a_span_of_whole_months_gives_what_the_months_give(
    small_world: Flask, subject: str, span: tuple[str, str], months: str
) -> None:
    with small_world.app_context():
        for by in BY[:1] if subject == "health_and_education" else BY:
            by_months = ask(Period.parse(months), subject, by=by)
            assert shown(ask(days(*span), subject, by=by)) == shown(by_months)
            assert any(figure.answers for figure in by_months.figures)


@pytest.mark.parametrize("kept", [False, True], ids=["from the ratings", "from kept sums"])
def test_the_answers_are_those_of_the_days_no_more_and_no_fewer(small_world: Flask, kept: bool) -> None:
    with small_world.app_context():
        assert not kept or keep_sums() > 0
        for span in random_spans(15):
            inside = (Rating.day.between(span.first_day, span.last_day), Rating.subject == "health_service")
            there = db.session.scalar(select(func.count()).where(*inside))
            total = ask(span).total
            assert (total.received if total.estimate else 0) == (there if there and there >= 10 else 0), span.code


def test_splitting_a_period_in_two_loses_neither_answers_nor_caseload(small_world: Flask) -> None:
    with small_world.app_context():
        whole = ask(days("2026-09-01", "2026-10-31")).total
        for day in range(2, 28, 3):
            middle = dt.date(2026, 10, day)
            first = ask(Period.between(FIRST, middle)).total
            second = ask(Period.between(middle + dt.timedelta(days=1), LAST)).total
            assert (first.received or 0) + (second.received or 0) == whole.received
            if first.caseload and second.caseload:
                assert first.caseload + second.caseload == pytest.approx(whole.caseload)


def test_a_month_cut_by_the_span_weighs_by_its_working_days(small_world: Flask) -> None:
    span = days("2026-09-10", "2026-10-05")
    assert cut_shares(span) == {"2026-09": Fraction(15, 20), "2026-10": Fraction(3, 22)}
    with small_world.app_context():
        figure = ask(span, by="service")["noi-tru"]
        assert figure.caseload == pytest.approx(1000 * (15 / 20 + 3 / 22))
        assert figure.answers == 9 * 4
        words = "tháng 9/2026: 15 trong 20 ngày làm việc; tháng 10/2026: 3 trong 22 ngày làm việc"
        assert proportion_words(span) == words
        (note,) = [note for note in ask(span).notes if note.code == "caseload_in_proportion"]
        assert note.message.endswith(f": {words}.")


def test_such_weights_are_provisional_so_only_the_point_is_judged(small_world: Flask) -> None:
    with small_world.app_context():
        verdict = ask(days("2026-09-10", "2026-10-05")).total.verdict
        assert verdict is not None
        assert (verdict.point, verdict.evidence) == (Point.NOT_MET, None)


def test_a_stock_is_on_any_day_what_it_is_in_its_month(small_world: Flask) -> None:
    with small_world.app_context():
        figures = ask(days("2026-09-06", "2026-10-05"), "education_service")
        assert figures.total.caseload == pytest.approx(1500)
        assert not figures.total.provisional
        assert figures.notes == ()


def test_a_week_end_is_weighed_by_its_days(small_world: Flask) -> None:
    with small_world.app_context():
        world.answer("bv-tinh", "noi-tru", "2026-10-10", 12, 5)
        figure = ask(days("2026-10-10", "2026-10-11"), by="service")["noi-tru"]
        assert figure.caseload == pytest.approx(1000 * 2 / 31)
        assert proportion_words(days("2026-10-10", "2026-10-11")) == "tháng 10/2026: 2 trong 31 ngày"


def test_a_month_of_which_a_span_holds_only_a_week_end_weighs_nothing_but_its_answers_count(small_world: Flask) -> None:
    with small_world.app_context():
        world.answer("bv-tinh", "noi-tru", "2026-11-01", 12, 5)
        longer, october = ask(days("2026-10-01", "2026-11-01")).total, ask(Period.parse("2026-10")).total
        assert longer.caseload == october.caseload
        assert longer.answers == (october.answers or 0) + 12


def test_by_month_the_first_and_the_last_are_only_as_long_as_the_span(small_world: Flask) -> None:
    with small_world.app_context():
        figures = ask(days("2026-09-10", "2026-10-12"), by="month")
    assert [figure.domain for figure in figures.figures] == ["2026-09-10..2026-09-30", "2026-10-01..2026-10-12"]
    assert figures.figures[1].label == "từ ngày 01/10/2026 đến ngày 12/10/2026"
    with small_world.app_context():
        assert (
            sum(figure.answers or 0 for figure in figures.figures)
            == ask(days("2026-09-10", "2026-10-12")).total.answers
        )


def test_a_cut_off_inside_a_span_leaves_later_days_out(small_world: Flask) -> None:
    with small_world.app_context():
        span = days("2026-10-02", "2026-10-09")
        cut = ask(span, until=dt.date(2026, 10, 5)).total
        assert cut.answers == ask(days("2026-10-02", "2026-10-05")).total.answers
        assert cut.caseload == ask(span).total.caseload
        assert ask(span, until=dt.date(2026, 10, 31)).total.answers == ask(span).total.answers


@pytest.mark.parametrize(
    ("code", "before", "label"),
    [
        ("2026-09-10..2026-10-05", "2026-08-15..2026-09-09", "từ ngày 10/09/2026 đến ngày 05/10/2026"),
        ("2026-09-01..2026-10-31", "2026-07-01..2026-08-31", "từ ngày 01/09/2026 đến ngày 31/10/2026"),
        ("2026-10-05..2026-10-05", "2026-10-04..2026-10-04", "ngày 05/10/2026"),
        ("2025-12-31..2026-01-01", "2025-12-29..2025-12-30", "từ ngày 31/12/2025 đến ngày 01/01/2026"),
    ],
)
def test_a_span_follows_one_as_long_as_itself(code: str, before: str, label: str) -> None:
    period = Period.parse(code, days=True)
    assert (period.kind, period.code, period.label()) == ("span", code, label)
    assert period.previous().code == before


@pytest.mark.parametrize("text", ["2026-10-05..2026-09-10", "2026-09-31..2026-10-05", "2026-09-10..2026-10", "x..y"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text.split("..")[0]):
        Period.parse(text, days=True)


def test_where_whole_months_are_counted_a_span_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="only reports at need"):
        Period.parse("2026-09-10..2026-10-05")


def test_a_span_that_ends_with_the_sunday_of_a_fourth_month_is_weighed_by_the_three_it_works_in(
    small_world: Flask,
) -> None:
    with small_world.app_context():
        world.answer("bv-tinh", "kham-benh", "2026-11-01", 1, 5)
        db.session.rollback()
        assert cut_shares(days("2026-08-03", "2026-11-01"))["2026-11"] == 0
        months = ask(Period.parse("2026-09..2026-10")).total
        span = ask(days("2026-08-03", "2026-11-01")).total
        assert (span.caseload, span.received) == (months.caseload, (months.received or 0) + 1)
        assert span.estimate is not None
        assert months.estimate is not None
        assert span.estimate.estimate == pytest.approx(months.estimate.estimate, abs=0.01)
