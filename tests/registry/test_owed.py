"""Which agency owes which month."""

from __future__ import annotations

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.missing_caseloads import MonthOwed, months_owed
from survey.registry.models import Agency, Province, Service
from survey.registry.queries import CaseloadRow, fetch_caseloads, fetch_sent
from survey.responses.tally_queries import fetch_answered
from tests.registry_files.files import RESPONSES, Import

MONTHS = ("2026-09", "2026-10")


def owed(answered: set[tuple[int, int, str]], sent: set[tuple[int, int, str]]) -> dict[str, MonthOwed]:
    """What agency 1 owes."""
    return dict(months_owed(answered, sent, MONTHS).get(1, {}))


def test_a_month_with_answers_but_no_caseload_is_owed() -> None:
    assert owed({(1, 7, "2026-10")}, set()) == {"2026-10": MonthOwed(frozenset({7}), frozenset({7}))}


def test_a_month_whose_caseload_came_is_not_owed() -> None:
    assert owed({(1, 7, "2026-10")}, {(1, 7, "2026-10")}) == {"2026-10": MonthOwed(frozenset({7}), frozenset())}


@pytest.mark.parametrize(("last_sent", "is_owed"), [("2026-09", True), ("2026-07", True), ("2026-06", False)])
def test_a_silent_agency_still_owes_for_three_months_after_its_last_file(last_sent: str, is_owed: bool) -> None:
    missing = owed(set(), {(1, 7, last_sent)})
    assert (missing.get("2026-10", MonthOwed(frozenset(), frozenset())).missing == {7}) is is_owed


def test_one_missing_service_of_two_is_named() -> None:
    missing = owed({(1, 7, "2026-10"), (1, 8, "2026-10")}, {(1, 7, "2026-10")})
    assert missing["2026-10"] == MonthOwed(frozenset({7, 8}), frozenset({8}))


def test_months_not_asked_about_do_not_appear() -> None:
    assert owed({(1, 7, "2026-11")}, {(1, 7, "2026-11")}) == {}


@pytest.fixture
def province_id(database: SQLAlchemy) -> int:
    """Đắk Lắk."""
    return database.session.scalars(select(Province.id).where(Province.key == "dak-lak")).one()


def test_the_database_gives_what_was_answered_and_what_was_sent(
    database: SQLAlchemy, world: Import, province_id: int
) -> None:
    assert world("responses", RESPONSES).exit_code == 0
    agencies = {code: id_ for id_, code in database.session.execute(select(Agency.id, Agency.code))}
    services = {code: id_ for id_, code in database.session.execute(select(Service.id, Service.code))}
    commune, hospital = agencies["EA-MOI"], agencies["BV"]
    birth, visit = services["KHAI-SINH"], services["KHAM"]
    assert fetch_answered(province_id, MONTHS) == {(commune, birth, "2026-10")}
    assert fetch_sent(province_id, MONTHS) == {(commune, birth, "2026-10"), (hospital, visit, "2026-10")}
    assert fetch_caseloads(province_id, MONTHS) == sorted(
        [
            CaseloadRow(commune, birth, "2026-10", "individual", "dossier", 100),
            CaseloadRow(commune, birth, "2026-10", "organisation", "dossier", 10),
            CaseloadRow(hospital, visit, "2026-10", "", "visit", 2500),
        ],
        key=lambda row: (row.agency_id, row.respondent_kind),
    )
    assert fetch_caseloads(province_id, ()) == []
    assert fetch_caseloads(province_id + 1, MONTHS) == []
