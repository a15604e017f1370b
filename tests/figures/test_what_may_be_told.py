"""Figures are remembered while what may be told stays: whatever happens, they are those of a new process."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from analysis.figures import service
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.presentation.figures_json import figure_json
from analysis.statistics import Method
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload
from survey.responses.models import AnswerBeyondCapacity, Rating
from survey.retention.queries import erase_answers
from tests.desk import world as desk

pytestmark = pytest.mark.one_database
MORNING = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
HOSPITAL = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026"))


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    forget_everything()
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def small_world(small_world: Flask) -> Flask:
    """Answers are told as an installation tells them, in steps of ten."""
    small_world.config["RELEASE_STEP"] = 10
    return small_world


def questions() -> list[FigureQuery]:
    id_of = {agency.code: agency.id for agency in db.session.scalars(select(Agency))}
    month = replace(HOSPITAL, period=Period.parse("2026-10"))
    clinic = replace(HOSPITAL, agencies=frozenset({id_of["tyt-xa"]}))
    town = replace(HOSPITAL, subject="procedures", by="service")
    by = [replace(HOSPITAL, by=by) for by in ("agency", "service", "counter", "channel", "language", "month")]
    mean = replace(month, method=Method.MEAN_RESCALED)
    return [HOSPITAL, month, clinic, town, mean, replace(HOSPITAL, channels=frozenset({"qr"})), *by]


def told() -> list[object]:
    answers = map(answer, questions())
    return [([figure_json(row, None) for row in figures.figures], figures.notes) for figures in answers]


def test_an_answer_that_may_not_be_told_today_has_nothing_worked_out_again(
    small_world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_world.app_context():
        rest_on_sums = [question for question in questions() if question.rests_on_sums]
        before = [answer(question) for question in rest_on_sums]
        desk.answer("bv-tinh", "kham-benh", "2026-11-23", 3, 1, MORNING)
        desk.answer("bv-tinh", "noi-tru", "2026-10-05", 3, 1, MORNING)
        db.session.rollback()
        monkeypatch.delattr(service, "prepare")
        assert all(answer(question) is known for question, known in zip(rest_on_sums, before, strict=True))


def test_what_waited_is_told_the_next_day(small_world: Flask) -> None:
    with small_world.app_context():
        before = answer(HOSPITAL).total.received
        for moment in (MORNING, MORNING + dt.timedelta(hours=2)):  # of a running month the newest step waits
            desk.answer("bv-tinh", "kham-benh", "2026-11-23", 12, 1, moment)
        db.session.rollback()
        assert answer(HOSPITAL).total.received == before
        db.session.rollback()
        with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
            assert answer(HOSPITAL).total.received == (before or 0) + 12


def test_an_erased_answer_about_another_subject_may_hold_back_what_was_told(small_world: Flask) -> None:
    """Of a running month the newest step waits, and a step counts answers, whatever they are about."""
    procedures = FigureQuery(province="dak-lak", subject="procedures", period=Period.parse("2026-11"))
    hours = {hour: MORNING + dt.timedelta(hours=hour) for hour in (1, 3, 5)}
    with small_world.app_context():
        for hour, count in ((1, 10), (3, 10), (5, 9)):
            desk.answer("ubnd-ea-tam", "ho-tich", "2026-11-23", count, 4, hours[hour])
        desk.answer("ubnd-ea-tam", "ho-tich", "2026-11-23", 1, 2, hours[5], answers={"overall_service": 1})
        db.session.rollback()
        with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
            assert answer(procedures).total.received == 20
            with writing() as session:
                erase_answers(session, list(db.session.scalars(select(Rating.response_id).where(Rating.value == 1))))
            db.session.rollback()
            assert answer(procedures).total.received == 10


def an_answer_told(rng: random.Random) -> uuid.UUID:
    ids = sorted(db.session.scalars(select(Rating.response_id).where(Rating.subject == "health_service")))
    return rng.choice(ids)


def happens(rng: random.Random, moment: dt.datetime) -> str:
    """One of the things that change answers, and what it was."""
    agency, kind = rng.choice(sorted(desk.ANSWERS))
    what = rng.choice(("answer", "late", "flood", "erased", "marked", "caseload"))
    match what:
        case "answer":
            desk.answer(agency, kind, moment.date().isoformat(), rng.randint(1, 3), rng.randint(1, 5), moment)
        case "late":
            desk.answer(agency, kind, f"2026-{rng.choice(('09', '10'))}-08", rng.randint(1, 12), 1, moment)
        case "flood":
            desk.answer("bv-tinh", "kham-benh", moment.date().isoformat(), 25, 2, moment, channel="kiosk")
        case "erased":
            with writing() as session:
                erase_answers(session, [an_answer_told(rng)])
        case "marked":
            desk.answer("tyt-xa", "kham-benh", "2026-10-09", 1, 3, moment)
            with writing() as session:
                marked = an_answer_told(rng)
                if session.get(AnswerBeyondCapacity, marked) is None:
                    session.add(AnswerBeyondCapacity(response_id=marked))
                    session.execute(update(Rating).where(Rating.response_id == marked).values(language="en"))
        case _:
            with writing() as session:
                session.execute(update(Caseload).where(Caseload.month == "2026-10").values(count=Caseload.count + 5))
    db.session.rollback()
    return what


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_what_is_remembered_is_what_a_new_process_says(small_world: Flask, seed: int) -> None:
    rng = random.Random(seed)
    moment = MORNING
    with small_world.app_context():
        for _step in range(12):
            moment += dt.timedelta(hours=rng.choice((1, 1, 1, 24)))
            with time_machine.travel(moment, tick=False):
                what = happens(rng, moment)
                remembered = told()
                db.session.rollback()
                forget_everything()
                assert remembered == told(), what
                db.session.rollback()
