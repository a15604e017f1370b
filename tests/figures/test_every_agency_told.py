"""That a table by agency hides nothing is told by counts alone, never wrongly: an agency's page then makes no table."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.figures import service
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_agencies, fetch_province
from analysis.figures.service import answer
from analysis.figures.suppression.cells_by_place import totals_of_agencies
from analysis.figures.suppression.every_agency_told import tells_every_agency
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload, Service
from tests.desk import world
from tests.support.clocks import frozen_at

MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
KINDS = (None, ("individual",))
frozen_clock = frozen_at(world.NOW)


@pytest.fixture
def thin_months(small_world: Flask) -> Flask:
    """Two years in which the agencies of the health sector have a few answers a month, drawn at random."""
    random, submissions = Random(20261201), []
    with small_world.app_context():
        with writing() as session:
            agencies = {agency.code: agency.id for agency in session.scalars(select(Agency))}
            examination = session.scalars(select(Service.id).where(Service.code == "kham-benh")).one()
            for month in MONTHS:
                for agency in ("bv-tinh", "tyt-xa"):
                    if random.random() < 0.85:
                        row = {"agency_id": agencies[agency], "service_id": examination, "unit": "visit", "count": 900}
                        session.add(Caseload(month=month, respondent_kind="", **row))
        for month in MONTHS:
            for agency in ("bv-tinh", "tyt-xa"):
                for _part in range(random.randrange(4)):
                    more = {
                        "named": random.random() < 0.9,
                        "respondent_kind": random.choice(["individual", "individual", "organisation", None]),
                    }
                    day = f"{month}-{random.randrange(1, 29):02d}"
                    submissions += world.submissions(agency, "kham-benh", day, random.randrange(1, 16), 4, **more)
        world.hand_in(submissions)
    return small_world


def hides(question: FigureQuery) -> bool:
    table = answer(replace(question, by="agency")).figures
    return any(row.suppressed and row.received != 0 for row in table)


def test_no_table_of_which_counts_say_so_hides_a_row(thin_months: Flask) -> None:
    years = [f"{year}{part}" for year in (2023, 2024) for part in ("", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4")]
    asked = [
        FigureQuery(province="dak-lak", subject="health_service", period=Period.parse(code), respondent_kinds=kinds)
        for code in (*MONTHS, *years)
        for kinds in KINDS
    ]
    with thin_months.app_context():
        told = {question for question in asked if tells_every_agency(question)}
        hiding = {question for question in asked if hides(question)}
        for question in told:
            table = answer(replace(question, by="agency")).figures
            rows = {(row.domain, row.n, row.received) for row in table if not row.suppressed}
            assert totals_of_agencies(answer(question)) == rows, "the total alone knows what the table would say"
    assert not told & hiding
    assert len(told) > len(asked) / 4
    assert len(hiding) > len(asked) / 4


def test_an_agency_without_caseload_may_be_hidden_beside_few_answers_that_name_no_service(small_world: Flask) -> None:
    question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-08"))
    with small_world.app_context():
        with writing() as session:
            hospital, examination = (
                session.scalars(select(table.id).where(table.code == code)).one()
                for table, code in ((Agency, "bv-tinh"), (Service, "kham-benh"))
            )
            place = {"agency_id": hospital, "service_id": examination, "month": "2026-08"}
            session.add(Caseload(**place, respondent_kind="", unit="visit", count=900))
        world.answer("bv-tinh", "kham-benh", "2026-08-05", 60, 4)
        world.answer("bv-tinh", "kham-benh", "2026-08-05", 3, 4, named=False)
        world.answer("tyt-xa", "kham-benh", "2026-08-06", 15, 4)
        assert hides(question)
        assert not tells_every_agency(question)


def test_an_agency_is_told_without_the_table_of_all_where_counts_are_enough(
    small_world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables: list[str | None] = []
    prepare = service.prepare
    monkeypatch.setattr(service, "prepare", lambda question: tables.append(question.by) or prepare(question))
    with small_world.app_context():
        ids = {agency.code: agency.id for agency in fetch_agencies(fetch_province("dak-lak").id)}
        question = FigureQuery(
            province="dak-lak",
            subject="health_service",
            period=Period.parse("2026-10"),
            agencies=frozenset({ids["bv-tinh"]}),
            beside=True,
        )
        forget_everything()
        assert not answer(question).total.suppressed
        assert tables == [None]
        answer(replace(question, by="channel"))
        assert "agency" not in tables, "what agencies' rows are held against the total knows, too"
        tables.clear()
        world.answer("so-y-te", "kham-benh", "2026-10-06", 4, 5)  # too few to be told
        db.session.rollback()
        answer(question)
        assert "agency" in tables
        forget_everything()
        tables.clear()
        assert answer(replace(question, agencies=frozenset({ids["so-gddt"]}))).total.received == 0
    assert tables == [None], "where nobody answered nothing stands hidden"
