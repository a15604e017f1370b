"""An official who sees the whole province opens the pages of those agencies that its tables hold back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_agencies, fetch_province
from analysis.presentation.facts import fact_results
from analysis.reports.recorded_queries import Inquiry
from analysis.reports.rendering.pdf import figures_json
from analysis.reports.verify import recompute
from survey.foundation.periods import Period
from tests.desk.filled import database_url, frozen_clock
from tests.desk.world import answer
from tests.guards.one_figure.pages import of_page
from tests.reports.making import differences, make, result
from tests.support.html import parse_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock"]
PERIOD = "2026-11"
CAME = {"bv-tinh": 60, "tyt-xa": 14, "so-y-te": 4}  # of the health sector, in November


@pytest.fixture
def world(app: Flask) -> Flask:
    """In November four rated the department, fourteen the commune's station."""
    with app.app_context():
        for agency, count in CAME.items():
            for place in range(count):
                answer(agency, "kham-benh", f"{PERIOD}-{place % 9 + 2:02d}", 1, 4 + place % 2)
    return app


def received(client: FlaskClient, query: str = "") -> set[int]:
    """All counts of answers that the pages of a place print beside a figure."""
    counts = set[int]()
    for page in ("explore", "explain"):
        text = client.get(f"/desk/dak-lak/health/{page}?period={PERIOD}&subject=health_service&by=agency{query}").text
        claims = list(of_page(page, parse_html(text)))
        counts |= {count for claim in claims for count in (claim.n, claim.received) if count is not None}
    return counts


def test_no_page_of_an_agency_tells_what_the_table_of_all_holds_back(world: Flask) -> None:
    """78 came: 60 to the hospital and 14 to the station would leave the four."""
    client = signed_in(world, "giam-doc", "method_owner", sector="health")
    whole = received(client)
    assert 78 in whole
    told = whole.union(*(received(client, f"&agency={agency}") for agency in CAME))
    assert not {14, 4} & told


def test_who_sees_the_agency_alone_reads_its_figure(world: Flask) -> None:
    client = signed_in(world, "tram-truong", "agency_manager", sector="health", agency="tyt-xa")
    assert 14 in received(client, "&agency=tyt-xa")


def counts_in_report(app: Flask, agency: str) -> set[str]:
    """Every count of answers that the figures attached to an agency's report hold."""
    report = make(app, agency, PERIOD, "2026-11-20")
    return set(re.findall(r'"(?:n|received|responses|answers)": (\d+)', figures_json(report)))


def test_no_report_of_an_agency_tells_it_either(world: Flask) -> None:
    """A report goes to the agency and to whoever sees the province: none is made for one of them alone."""
    assert "14" not in counts_in_report(world, "tyt-xa")
    assert "60" in counts_in_report(world, "bv-tinh")


def test_the_report_says_why_and_is_verified(world: Flask) -> None:
    report = make(world, "tyt-xa", PERIOD, "2026-11-20")
    said = result(report.document)
    assert said.startswith("Trong tháng 11/2026 số liệu về dịch vụ y tế công không nêu: có ít phiếu, hoặc lấy số của")
    assert differences(world, report) == []


def test_a_report_made_before_that_told_it_is_asked_as_it_was(world: Flask) -> None:
    with world.app_context():
        inquiry = Inquiry("dak-lak", Period.parse(PERIOD), beside=False)
        station = next(agency.id for agency in fetch_agencies(fetch_province("dak-lak").id) if agency.code == "tyt-xa")
        inquiry.ask("health_service", agencies=frozenset({station}))
        (entry,) = inquiry.as_json()
        assert entry["figures"][0]["received"] == 14
        report = {"province": "dak-lak", "answers": [entry]}
        assert recompute(report).differences == ()


def test_no_fact_that_its_people_told_stands_where_its_figure_does_not(world: Flask) -> None:
    with world.app_context():
        said = {"questionnaire": "byt-outpatient", "answers": {"overall_health": 4, "out_g1": 80}}
        answer("tyt-xa", "kham-benh", f"{PERIOD}-03", 12, 4, **said)
        station = next(agency.id for agency in fetch_agencies(fetch_province("dak-lak").id) if agency.code == "tyt-xa")
        own = FigureQuery(
            province="dak-lak",
            subject="health_service",
            period=Period.parse(PERIOD),
            agencies=frozenset({station}),
        )
        assert [fact.n for fact in fact_results(own)] == [12]
        assert fact_results(replace(own, beside=True)) == ()
