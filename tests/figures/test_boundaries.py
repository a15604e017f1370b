"""Agencies change: figures as it was then, and in today's boundaries, without inventing what a split divided."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from time_machine import travel

from analysis.figures.figure import Figures
from analysis.figures.query import BadQuery, FigureQuery
from analysis.figures.service import answer
from analysis.targets.models import Target
from analysis.targets.service import judged
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, AgencySuccession, Caseload, Counter
from tests.desk import world
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

HOSPITAL, STATION, NEW, OTHER = "bv-tinh", "tyt-xa", "tt-moi", "tt-khac"
PROMISE = "BV1"
LAST_DAY = dt.date(2026, 10, 31)


def reorganise(app: Flask) -> None:
    """The hospital and the station gave answers until the end of October; agencies that follow them are there."""
    world.make_world(app)
    with app.app_context(), writing() as session:
        parent = session.execute(select(Agency).where(Agency.code == HOSPITAL)).scalar_one()
        for code in (NEW, OTHER):
            values = {"province_id": parent.province_id, "code": code, "name": code, "kind": parent.kind}
            more = {"level": parent.level, "parent_id": parent.parent_id, "valid_from": dt.date(2026, 11, 1)}
            session.execute(insert(Agency).values(values | more))


database_url = stored_world("reorganised_world", reorganise, "reorganised", at=world.NOW)


@pytest.fixture
def reorganised(app: Flask) -> Flask:
    return app


def succeed(predecessor: str, *successors: str) -> None:
    ids = {code: id_ for id_, code in db.session.execute(select(Agency.id, Agency.code))}
    with writing() as session:
        session.execute(update(Agency).where(Agency.code == predecessor).values(valid_to=LAST_DAY))
        for successor in successors:
            kind = "split" if len(successors) > 1 else "merge"
            link = {"predecessor_id": ids[predecessor], "successor_id": ids[successor], "kind": kind}
            session.execute(insert(AgencySuccession).values(link))


def ask(boundaries: str, agencies: frozenset[int] | None = None, by: str | None = "agency") -> Figures:
    question = FigureQuery(
        province="dak-lak",
        subject="health_service",
        period=Period.parse("2026-10"),
        by=by,
        boundaries=boundaries,
        agencies=agencies,
    )
    with travel(world.NOW, tick=False):
        return answer(question)


def responses(figures: Figures) -> dict[str, int | None]:
    return {figure.domain: figure.answers for figure in figures.figures}


def test_as_it_was_then_every_agency_keeps_its_own_figure(reorganised: Flask) -> None:
    with reorganised.app_context():
        succeed(HOSPITAL, NEW)
        succeed(STATION, NEW)
        assert responses(ask("then")).keys() == {HOSPITAL, STATION}


def test_in_todays_boundaries_predecessors_are_summed_under_their_heir(reorganised: Flask) -> None:
    with reorganised.app_context():
        before = responses(ask("then"))
        succeed(HOSPITAL, NEW)
        succeed(STATION, NEW)
        today = ask("today")
        assert responses(today) == {NEW: sum(count or 0 for count in before.values())}
        assert today[NEW].label == NEW
        assert today[NEW].caseload == 9000 + 1000 + 600


def test_the_sum_weighs_each_predecessor_by_its_own_caseload(reorganised: Flask) -> None:
    with reorganised.app_context():
        whole = ask("then", by=None).total.estimate
        succeed(HOSPITAL, NEW)
        succeed(STATION, NEW)
        heir = ask("today")[NEW].estimate
        assert whole is not None
        assert heir is not None
        assert heir.estimate == pytest.approx(whole.estimate, abs=1e-12)


def test_a_chain_of_successions_ends_at_the_agency_of_today(reorganised: Flask) -> None:
    with reorganised.app_context():
        succeed(STATION, HOSPITAL)
        succeed(HOSPITAL, NEW)
        assert responses(ask("today")).keys() == {NEW}


def test_what_was_split_stands_apart_and_is_said_not_prorated(reorganised: Flask) -> None:
    with reorganised.app_context():
        before = responses(ask("then"))
        succeed(HOSPITAL, NEW, OTHER)
        today = ask("today")
        assert responses(today) == before
        (note,) = (note for note in today.notes if note.code == "split_not_prorated")
        assert "Bệnh viện đa khoa tỉnh" in note.message


def test_an_abolished_agency_keeps_its_own_figure(reorganised: Flask) -> None:
    with reorganised.app_context():
        succeed(STATION)
        assert STATION in responses(ask("today"))


def test_asked_about_one_agency_its_predecessors_count_only_in_todays_boundaries(reorganised: Flask) -> None:
    with reorganised.app_context():
        succeed(STATION, HOSPITAL)
        hospital = frozenset(db.session.scalars(select(Agency.id).where(Agency.code == HOSPITAL)))
        assert responses(ask("then", hospital)).keys() == {HOSPITAL}
        both, alone = ask("today", hospital)[HOSPITAL].answers, ask("then", hospital)[HOSPITAL].answers
        assert both is not None
        assert alone is not None
        assert both > alone


def test_the_province_as_a_whole_is_the_same_in_both(reorganised: Flask) -> None:
    with reorganised.app_context():
        succeed(HOSPITAL, NEW)
        succeed(STATION, NEW)
        then, today = ask("then", by=None).total.estimate, ask("today", by=None).total.estimate
        assert then is not None
        assert today is not None
        assert (then.estimate, then.n) == (today.estimate, today.n)


def test_boundaries_are_then_or_today() -> None:
    with pytest.raises(BadQuery, match="boundaries"):
        FigureQuery(province="dak-lak", subject="procedures", period=Period.parse("2026"), boundaries="tomorrow")


def test_a_target_stays_with_the_agency_that_made_it(reorganised: Flask) -> None:
    with reorganised.app_context(), travel(world.NOW, tick=False):
        ids = {code: id_ for id_, code in db.session.execute(select(Agency.id, Agency.code))}
        promise_of(ids[HOSPITAL])
        before = judged_promise()
        succeed(HOSPITAL, NEW)
        open_counter(ids[NEW])
        world.answer(NEW, "kham-benh", "2026-11-05", 40, 1)
        assert judged_promise() == before


def open_counter(agency_id: int) -> None:
    with writing() as session:
        session.add(Counter(agency_id=agency_id, code=f"quay-{NEW}", name="Quầy mới"))


def promise_of(agency_id: int) -> None:
    with writing() as session:
        shipped = session.query(Target).filter_by(code="D4h").one()
        fields = {column.key: getattr(shipped, column.key) for column in Target.__table__.columns if column.key != "id"}
        session.add(Target(**(fields | {"code": PROMISE, "agency_id": agency_id, "due_year": 2026, "from_year": 2026})))


def judged_promise() -> tuple[int | None, float]:
    (row,) = (row for row in judged("dak-lak", 2026) if row.in_year.target.code == PROMISE)
    assert row.figures is not None
    estimate = row.figures.total.estimate
    assert estimate is not None
    return row.figures.total.answers, estimate.estimate


def test_todays_boundaries_minus_those_of_then_tell_no_agency_of_few_answers(reorganised: Flask) -> None:
    """The station took the hospital's place; a third place has the fewest answers of all that are shown."""
    with reorganised.app_context():
        with writing() as session:
            small = session.query(Agency).filter_by(code=OTHER).one()
            small.valid_from = dt.date(2020, 1, 1)
            hospital = session.query(Counter).filter_by(code=f"quay-{HOSPITAL}").one()
            counter = Counter(agency_id=small.id, code=f"quay-{OTHER}", name="Quầy", services=list(hospital.services))
            session.add(counter)
            served = session.query(Caseload).filter_by(agency_id=hospital.agency_id, month="2026-10").all()
            session.add_all(
                Caseload(agency_id=small.id, service_id=row.service_id, month="2026-10", unit=row.unit, count=100)
                for row in served
            )
        world.answer(OTHER, "kham-benh", "2026-10-09", 7, 4)
        succeed(OTHER, HOSPITAL)
        then, now = ask("then"), ask("today")
        assert not any(row.suppressed for row in now.figures), "the hospital with what it took over, and the station"
        hidden = {row.domain for row in then.figures if row.suppressed}
        assert hidden == {OTHER, HOSPITAL}  # the station alone would leave the hospital to be subtracted
