"""Whoever asks why of a row gets the working of that very row: its share, its n, its interval, and what it hides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.figures.breakdowns import BREAKDOWNS
from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.accounts.models import User
from survey.foundation.formatting import percent, percent_range
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.guards.one_figure import pages
from tests.guards.one_figure.claims import Claim
from tests.support.html import parse_html
from tests.support.staff import client_of

DESK = "/desk/dak-lak"
TABLES = ("drawn-rows", "strip-table standings")
ASKED = (
    ("administration", "agency_service", "2020", BREAKDOWNS),
    ("health", "health_service", "2020", ("area", "channel", "respondent_kind")),
)


@pytest.fixture
def reviewer(demonstration: Flask) -> FlaskClient:
    with demonstration.app_context():
        return client_of(demonstration, db.session.query(User).filter_by(username="quan-tri").one().id)


class Row(NamedTuple):
    """A row of a page's breakdown and where its "Vì sao?" leads, if it has one."""

    key: str
    why: str | None


def rows_of(page: str) -> Iterator[Row]:
    """The rows of a page's breakdown, or of its targets."""
    tables = [table for table in parse_html(page).iter("table") if table.attrib.get("class") in TABLES]
    for row in (row for table in tables for row in table.iter("tr")):
        if "data-figure" in row.attrib:
            links = [link.attrib["href"] for link in row.iter("a") if "/explain?" in link.attrib["href"]]
            yield Row(row.attrib["data-figure"], links[0] if links else None)


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\N{NO-BREAK SPACE}", " ").split())


def told_by_working(page: str) -> tuple[list[Claim], dict[str, str]]:
    """The figure of a page of a working, and its facts by their names."""
    names = [words_of(element) for element in parse_html(page).iter("dt")]
    facts = [words_of(element) for element in parse_html(page).iter("dd")]
    return list(pages.of_page("working", parse_html(page))), dict(zip(names, facts, strict=True))


def expected_facts(figure: Figure) -> dict[str, str]:
    estimate = figure.estimate
    assert estimate is not None
    facts = {"Gia quyền (p)": percent(estimate.estimate, 4), "Chưa gia quyền": percent(estimate.unweighted, 2)}
    if estimate.interval_90:
        facts["Khoảng 90 %"] = percent_range(estimate.interval_90.low, estimate.interval_90.high, 2)
    return {name: " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()) for name, text in facts.items()}


@pytest.mark.parametrize(("sector", "subject", "period", "breakdowns"), ASKED)
def test_why_of_a_row_leads_to_the_working_of_that_very_row(
    demonstration: Flask,
    reviewer: FlaskClient,
    sector: str,
    subject: str,
    period: str,
    breakdowns: tuple[str, ...],
) -> None:
    followed, held_back = set(), set()
    for by in breakdowns:
        question = FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period), by=by)
        with demonstration.test_request_context():
            figures = {figure.key: figure for figure in answer(question).figures}
        page = reviewer.get(f"{DESK}/{sector}/explore?subject={subject}&period={period}&by={by}").text
        for key, why in rows_of(page):
            figure = figures[key]
            assert (why is None) == figure.suppressed, key
            address = why or f"{DESK}/{sector}/explain?subject={subject}&period={period}&by={by}&part={figure.domain}"
            working = reviewer.get(address)
            assert working.status_code == 200, address
            claims, facts = told_by_working(working.text)
            if figure.suppressed:
                assert (claims, facts) == ([], {}), address
                assert "quá ít phiếu" in working.text.lower()
                held_back.add(by)
                continue
            assert [(claim.n, claim.received) for claim in claims] == [(figure.n, figure.received)], address
            assert claims[0].key.split()[-1] == key.split()[-1] or by in ("month", "year"), address
            assert expected_facts(figure).items() <= facts.items(), address
            followed.add(by)
    assert followed >= {*breakdowns} - {"respondent_kind"} - (held_back & {"counter"}), "only counters are all so small"
    assert held_back or subject != "agency_service", "nothing shows that the working of a row held back is, too"


def test_a_row_there_is_not_is_said_to_be_none(reviewer: FlaskClient) -> None:
    asked = "subject=agency_service&period=2020&by=agency&part=KHONG-CO"
    answered = reviewer.get(f"{DESK}/administration/explain?{asked}")
    assert answered.status_code == 400
    assert "Bảng này không có dòng “KHONG-CO”." in answered.text


@pytest.mark.parametrize("year", ["2020", "2026"])
def test_why_of_a_target_leads_to_the_working_of_what_it_is_judged_on(reviewer: FlaskClient, year: str) -> None:
    page = reviewer.get(f"{DESK}/all?year={year}").text
    followed = 0
    for key, why in rows_of(page):
        if why:
            claims, _facts = told_by_working(reviewer.get(why).text)
            assert [claim.key for claim in claims] in ([key], []), why
            followed += 1
    assert followed
