"""Figures by counter, and of one counter alone, tell the same and no counter with few answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as figures_of
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload, Counter, Service
from tests.desk.world import answer, hand_in, submissions

pytestmark = pytest.mark.one_database

QUESTION = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"), by="counter")


def open_counter(code: str, answers: int) -> None:
    with writing() as session:
        hospital = session.query(Agency).filter_by(code="bv-tinh").one()
        session.add(Counter(agency_id=hospital.id, code=code, name=f"Quầy {code}"))
    answer("bv-tinh", "kham-benh", "2026-10-09", answers, 4, counter=code)


def alone(code: str) -> Figure:
    ids = frozenset(db.session.scalars(db.select(Counter.id).filter_by(code=code)))
    return figures_of(replace(QUESTION, by=None, counters=ids)).total


def test_every_row_by_counter_is_the_figure_of_that_counter_alone(small_world: Flask) -> None:
    with small_world.app_context():
        open_counter("q-hai", 24)
        rows = {row.domain: row for row in figures_of(QUESTION).figures}
        assert rows.keys() == {"quay-bv-tinh", "quay-tyt-xa", "q-hai"}
        assert sum(row.received or 0 for row in rows.values()) == figures_of(replace(QUESTION, by=None)).total.received
        for code, row in rows.items():
            assert (alone(code).n, alone(code).received, alone(code).suppressed) == (row.n, row.received, False)
        assert rows["q-hai"].label == "Quầy q-hai"


def test_no_counter_shown_alone_tells_another_with_few_answers(small_world: Flask) -> None:
    with small_world.app_context():
        open_counter("q-hai", 24)
        open_counter("q-ba", 3)
        rows = {row.domain: row.suppressed for row in figures_of(QUESTION).figures}
        assert rows["q-ba"]
        assert sum(rows.values()) > 1  # the total minus all others would tell the three answers
        for code, hidden in rows.items():
            assert alone(code).suppressed == hidden
            assert not hidden or alone(code).received is None


def test_no_agency_minus_its_counters_tells_one_with_few_answers(small_world: Flask) -> None:
    """The smallest counter of all would do for the table by itself; the agency stands in a table of its own."""
    with small_world.app_context():
        answer("tyt-xa", "kham-benh", "2026-10-09", 4, 4)
        open_counter("q-hai", 90)
        open_counter("q-ba", 7)
        hidden = {row.domain for row in figures_of(QUESTION).figures if row.suppressed}
        assert hidden == {"q-ba", "q-hai"}  # both of the hospital, though the commune's has 24
        assert not any(row.suppressed for row in figures_of(replace(QUESTION, by="agency")).figures)


def test_no_field_minus_its_services_tells_one_with_few_answers(small_world: Flask) -> None:
    with small_world.app_context():
        with writing() as session:
            counter = session.query(Counter).filter_by(code="quay-bv-tinh").one()
            service = Service(code="it-nguoi", name="Ít người", sector="health", field="Khám bệnh")
            counter.services.append(service)
            session.flush()
            served = {"agency_id": counter.agency_id, "service_id": service.id, "month": "2026-10", "unit": "visit"}
            session.add(Caseload(**served, count=100))
        few = submissions("bv-tinh", "kham-benh", "2026-10-09", 7, 4)
        hand_in([replace(submission, service="it-nguoi") for submission in few])
        by_service = replace(QUESTION, by="service")
        assert {row.domain for row in figures_of(by_service).figures if row.suppressed} == {"it-nguoi", "kham-benh"}
