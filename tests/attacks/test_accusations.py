"""How many reports accuse those who read: told by nothing that they may open, as a number or by subtraction."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.reports.document import Report
from analysis.reports.rendering.pdf import figures_json
from survey.feedback.models import FeedbackCase
from survey.foundation.storage.database import writing
from survey.registry.models import Agency, AgencySuccession, Province
from tests.desk.filled import database_url, frozen_clock, world
from tests.reports.making import differences, make
from tests.reports.pages import strings_of
from tests.reports.test_handled import say_late

__all__ = ["database_url", "frozen_clock", "world"]
pytestmark = pytest.mark.one_database

SHOP, OFFICE = "ubnd-ea-tam", "Sở Nội vụ"
OPENED = dt.datetime(2026, 10, 10, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def office(world: Flask) -> str:
    """The Sở that answers for the sector, itself an office at which citizens are served."""
    with world.app_context(), writing() as session:
        province = session.scalars(select(Province).where(Province.key == "dak-lak")).one()
        session.add(
            Agency(province=province, code="so-nv", name=OFFICE, kind="administrative", level="province", area="urban")
        )
    return "so-nv"


def report(app: Flask, agency: str, kind: str, count: int) -> None:
    """Cases that the level above has, a month old and answered."""
    with app.app_context(), writing() as session:
        about = session.scalars(select(Agency).where(Agency.code == agency)).one()
        first = session.query(FeedbackCase).count()
        for place in range(first, first + count):
            session.add(
                FeedbackCase(
                    code_digest=f"{place:064x}",
                    province_id=about.province_id,
                    sector="administration",
                    agency_id=about.id,
                    text="Lời của người dân",
                    channel="paper",
                    kind=kind,
                    redirected=kind == "denunciation",
                    state="closed" if kind == "denunciation" else "answered",
                    opened_at=OPENED,
                    due_on=dt.date(2026, 10, 23),
                    answered_at=OPENED,
                    closed_at=OPENED,
                )
            )


def accuse(app: Flask, agency: str) -> None:
    report(app, agency, "conduct", 6)
    report(app, agency, "denunciation", 1)


def everything(made: Report) -> tuple[list[str], dict[str, Any]]:
    """All that a report says, and its attachment."""
    return list(strings_of(made.document)), json.loads(figures_json(made))


@pytest.mark.parametrize("recipient", [SHOP, "so-noi-vu"])
def test_the_report_of_an_office_is_the_same_whether_anybody_accuses_it_or_not(
    world: Flask, office: str, recipient: str
) -> None:
    agency = office if recipient == "so-noi-vu" else recipient
    say_late(world, 3)
    report(world, agency, "service", 9)
    before = everything(make(world, recipient))
    accuse(world, agency)

    assert everything(make(world, recipient)) == before


def test_nor_does_it_tell_of_an_office_that_was_merged_into_the_one_that_reads(world: Flask, office: str) -> None:
    say_late(world, 3)
    with world.app_context(), writing() as session:
        (heir,) = session.scalars(select(Agency).where(Agency.code == office))
        merged = Agency(
            province_id=heir.province_id, code="so-ld", name="Sở cũ", kind="administrative", level="province"
        )
        merged.valid_to = dt.date(2026, 10, 31)
        session.add(merged)
        session.flush()
        session.add(AgencySuccession(predecessor_id=merged.id, successor_id=heir.id, kind="merged"))
    report(world, "so-ld", "service", 9)
    before = everything(make(world, "so-noi-vu"))
    accuse(world, "so-ld")

    assert everything(make(world, "so-noi-vu")) == before


def test_the_level_above_counts_them_and_what_it_counted_is_verified(world: Flask) -> None:
    report(world, SHOP, "service", 9)
    accuse(world, SHOP)
    made = make(world, "so-noi-vu")

    [counted] = json.loads(figures_json(made))["cases"]
    assert counted["received"] == 16
    assert differences(world, made) == []


def test_an_agencys_row_for_everybody_is_the_same_and_all_kinds_stay_counted(world: Flask) -> None:
    def told() -> tuple[dict[str, int], dict[str | None, int]]:
        answer = world.test_client().get("/api/v1/provinces/dak-lak/feedback?year=2026").json
        agencies = {row["agency"]: row["received"] for row in answer["agencies"]}
        return agencies, {row["kind"]: row["received"] for row in answer["rows"]}

    report(world, SHOP, "service", 9)
    assert told() == ({SHOP: 9}, {"service": 9, None: 9})
    report(world, SHOP, "conduct", 6)
    assert told() == ({SHOP: 9}, {"service": 9, "conduct": 6, None: 15})
    page = world.test_client().get("/results/dak-lak/replies/").text
    assert "không kể phản ánh về thái độ và tố cáo" in page


@pytest.mark.parametrize("accusing", range(1, 5))
def test_a_few_that_accuse_do_not_follow_from_all_minus_the_agencies(world: Flask, accusing: int) -> None:
    for agency, count in ((SHOP, 9), ("so-nv", 8)):
        report(world, agency, "service", count)
    report(world, SHOP, "conduct", accusing)
    answer = world.test_client().get("/api/v1/provinces/dak-lak/feedback?year=2026").json

    total = next((row["received"] for row in answer["rows"] if row["kind"] is None), None)
    rest = total - sum(row["received"] for row in answer["agencies"]) if total is not None else None
    assert rest is None or rest >= 5
