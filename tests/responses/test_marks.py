"""Every change to ratings or caseloads marks the agency's month, whatever made it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update

from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload, CaseloadMark, Service
from survey.responses.models import Rating, RatingMark
from tests.desk import world

OCTOBER = "2026-10"


def marks(model: type[RatingMark] | type[CaseloadMark] = RatingMark) -> dict[tuple[str, str], int]:
    """The stamp of each agency's month (of all subjects together)."""
    db.session.rollback()
    query = select(Agency.code, model.month, func.sum(model.stamp)).join(Agency, Agency.id == model.agency_id)
    query = query.group_by(Agency.code, model.month)
    return {(code, month): int(stamp) for code, month, stamp in db.session.execute(query)}


def add(agency: str = "bv-tinh", service: str = "kham-benh", day: str = "2026-10-05") -> None:
    world.answer(agency, service, day, 2, 5)


@pytest.fixture
def marked(app: Flask, register: None) -> dict[tuple[str, str], int]:
    """What stands after answers of two agencies."""
    with app.app_context():
        add()
        add("tyt-xa")
        return marks()


CHANGES: dict[str, Callable[[], object]] = {
    "a late answer": add,
    "a rating changed by hand": lambda: _execute(update(Rating).where(_of("bv-tinh")).values(value=1)),
    "ratings deleted": lambda: _execute(delete(Rating).where(_of("bv-tinh"))),
    "ratings inserted by hand": lambda: _execute(
        text(
            "INSERT INTO ratings (response_id, subject, province_id, agency_id, respondent_kind, channel, language,"
            " day, month, received_at, value, items_answered, items_satisfied) SELECT response_id, 'agency_service',"
            " province_id, agency_id, respondent_kind, channel, language, day, month, received_at, 1, 0, 0 FROM ratings"
            " WHERE agency_id = (SELECT id FROM agencies WHERE code = 'bv-tinh')"
        )
    ),
}


def _of(agency: str) -> object:
    return Rating.agency_id == select(Agency.id).where(Agency.code == agency).scalar_subquery()


def _execute(statement: object) -> None:
    with writing() as session:
        assert session.execute(statement).rowcount


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_marks_its_agency_and_month_alone(
    app: Flask, marked: dict[tuple[str, str], int], change: Callable[[], object]
) -> None:
    with app.app_context():
        change()
        after = marks()
    assert after.keys() == marked.keys()
    assert {key for key in marked if after[key] != marked[key]} == {("bv-tinh", OCTOBER)}


def test_a_rating_moved_to_another_month_marks_both(app: Flask, marked: dict[tuple[str, str], int]) -> None:
    with app.app_context():
        _execute(update(Rating).where(_of("tyt-xa")).values(month="2026-09"))
        after = marks()
    assert after["tyt-xa", OCTOBER] != marked["tyt-xa", OCTOBER]
    assert ("tyt-xa", "2026-09") in after


def test_what_is_rolled_back_leaves_the_marks_as_they_were(app: Flask, marked: dict[tuple[str, str], int]) -> None:
    with app.app_context():
        db.session.connection(execution_options={"writes": True})
        db.session.execute(delete(Rating))
        db.session.rollback()
        assert marks() == marked


def test_a_mark_knows_when_the_last_rating_was_received(app: Flask, marked: dict[tuple[str, str], int]) -> None:
    with app.app_context():
        world.answer("bv-tinh", "kham-benh", "2026-10-05", 1, 5, received_at=world.NOW)
        latest = db.session.scalar(
            select(RatingMark.latest).join(Agency, Agency.id == RatingMark.agency_id).where(Agency.code == "bv-tinh")
        )
        assert latest == world.NOW


def test_a_caseload_set_changed_or_removed_is_marked(app: Flask, register: None) -> None:
    with app.app_context():
        seen = [marks(CaseloadMark)]
        with writing() as session:
            agency, service = session.query(Agency).filter_by(code="bv-tinh").one(), session.query(Service).first()
            session.add(Caseload(agency_id=agency.id, service_id=service.id, month=OCTOBER, unit="visit", count=9))
        seen.append(marks(CaseloadMark))
        _execute(update(Caseload).values(count=8))
        seen.append(marks(CaseloadMark))
        _execute(delete(Caseload))
        seen.append(marks(CaseloadMark))
    assert seen[0] == {}
    assert len({stamps["bv-tinh", OCTOBER] for stamps in seen[1:]}) == 3
