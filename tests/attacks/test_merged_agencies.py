"""What was tried with mergers: agencies as they were then and in today's boundaries, one subtracted from the other."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, AgencySuccession, Caseload, Counter, Service
from tests.desk import world as desk
from tests.desk.filled import database_url, frozen_clock, world
from tests.support.staff import signed_in

__all__ = ["database_url", "frozen_clock", "world"]
pytestmark = pytest.mark.one_database
HEIR, GONE = "ubnd-ea-tam", "ubnd-cu"
BREAKDOWNS = (None, "agency", "service", "field", "area", "counter", "channel", "respondent_kind", "month")


@pytest.fixture
def merged(world: Flask) -> Flask:
    """A commune was merged into another in the midst of October."""
    with world.app_context(), writing() as session:
        heir = session.scalars(select(Agency).where(Agency.code == HEIR)).one()
        values = {"province_id": heir.province_id, "code": GONE, "name": "UBND cũ", "kind": heir.kind}
        more = {"level": heir.level, "valid_to": dt.date(2026, 10, 14)}
        session.execute(insert(Agency).values(values | more))
        gone = session.scalars(select(Agency).where(Agency.code == GONE)).one()
        session.add(Counter(agency=gone, code=f"quay-{GONE}", name="Quầy", services=[]))
        service = session.scalars(select(Service).where(Service.code == "ho-tich")).one()
        session.add(Caseload(agency_id=gone.id, service_id=service.id, month="2026-10", unit="dossier", count=100))
        link = {"predecessor_id": gone.id, "successor_id": heir.id, "kind": "merge"}
        session.execute(insert(AgencySuccession).values(link | {"effective_on": dt.date(2026, 10, 15)}))
    return world


def told(boundaries: str, period: str, **narrowed: Any) -> dict[str, int | None]:
    """How many answers each row tells of, "" without a breakdown; None: held back."""
    question = FigureQuery(
        province="dak-lak", subject="agency_service", period=Period.parse(period), boundaries=boundaries, **narrowed
    )
    figures = answer(question)
    rows = figures.figures if question.by else (figures.total,)
    return {row.domain if question.by else "": row.n for row in rows}


def is_told(difference: int) -> bool:
    """Whether a difference of two counts tells of a few."""
    return 0 < abs(difference) < 10


@pytest.mark.parametrize("few", [1, 4, 5, 9])
def test_what_the_gone_agencys_few_said_follows_from_no_two_boundaries(merged: Flask, few: int) -> None:
    with merged.app_context():
        desk.answer(GONE, "ho-tich", "2026-10-05", few, 1)
        heir = frozenset(db.session.scalars(select(Agency.id).where(Agency.code == HEIR)))
        telling = []
        for agencies, by, period in product((None, heir), BREAKDOWNS, ("2026-10", "2026-Q4", "2026")):
            then, today = (told(way, period, by=by, agencies=agencies) for way in ("then", "today"))
            for row in then.keys() & today.keys():
                before, after = then[row], today[row]
                if before is not None and after is not None and is_told(after - before):
                    telling.append((agencies is not None, by, period, row, before, after))
    assert telling == []


@pytest.mark.parametrize("few", [1, 4, 5, 9])
def test_nor_from_a_service_of_the_two_minus_the_heir(merged: Flask, few: int) -> None:
    with merged.app_context():
        desk.answer(GONE, "ho-tich", "2026-10-05", few, 1)
        service, agency = (told("then", "2026-10", by=by) for by in ("service", "agency"))
        whole = told("then", "2026-10")[""]

    assert service["ho-tich"] is None or agency[HEIR] is None
    rows = [service[row] for row in ("ho-tich", "hanh-nghe")]
    assert whole is not None
    assert None in rows or not is_told(whole - sum(n or 0 for n in rows))


def test_more_than_nine_are_told_both_ways(merged: Flask) -> None:
    with merged.app_context():
        desk.answer(GONE, "ho-tich", "2026-10-05", 10, 1)
        heir = frozenset(db.session.scalars(select(Agency.id).where(Agency.code == HEIR)))
        assert [told(way, "2026-10", agencies=heir)[""] for way in ("then", "today")] == [60, 70]


def test_the_heirs_manager_reads_why_no_figure_stands_there(merged: Flask) -> None:
    with merged.app_context():
        desk.answer(GONE, "ho-tich", "2026-10-05", 7, 1)
    manager = signed_in(merged, "lanh-dao", "agency_manager", agency=HEIR)
    asked = f"/desk/dak-lak/all/explore?agency={HEIR}&subject=agency_service&period=2026-10"

    assert "60" in manager.get(asked).text
    today = manager.get(f"{asked}&boundaries=today").text
    assert "lấy hai số trừ nhau sẽ lộ những phiếu đó" in today
    assert ">67<" not in today
