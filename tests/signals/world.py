"""Honest answers of two months, spread over the working days, and ways to spoil them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

from flask import Flask

from survey.responses.ingest import Submission, receive
from tests.desk.world import CASELOADS, EARLIER, OVERALL, SERVICES, _store_caseloads, _store_register

OPENING = dt.time(0, 30)  # UTC: half past seven in Vietnam
HOURS = 9
DAILY = {"bv-tinh": 14, "thpt-1": 9, "ubnd-ea-tam": 7}
FIRST, LAST = dt.date(2026, 9, 1), dt.date(2026, 11, 19)


def make_honest_world(app: Flask) -> None:
    """Agencies, caseloads and answers in which nothing is wrong."""
    with app.app_context():
        _store_register()
        _store_caseloads()
        _hand_in(list(honest_answers(Random(7))))


def honest_answers(random: Random) -> Iterator[Submission]:
    """Each counter's answers of each working day, at random times and of random content."""
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + dt.timedelta(days=number)
        if day.weekday() < 5:
            for agency, usual in DAILY.items():
                for _ in range(random.randint(usual - 3, usual + 3)):
                    at = dt.datetime.combine(day, OPENING, dt.UTC) + dt.timedelta(hours=random.uniform(0, HOURS))
                    yield submission(agency, at, random.choice((2, 3, 4, 4, 4, 5, 5)))


def answers_of(agency: str, first: dt.date, last: dt.date, daily: int) -> Iterator[Submission]:
    """One counter's answers of each working day, so many each."""
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        if day.weekday() < 5:
            for place in range(daily):
                at = dt.datetime.combine(day, OPENING, dt.UTC) + dt.timedelta(hours=HOURS * place / daily)
                yield submission(agency, at, (2, 4, 5)[place % 3])


def submission(agency: str, at: dt.datetime, value: int, **more: Any) -> Submission:
    """One answer at the agency's counter."""
    service = next(service for owner, service in CASELOADS if owner == agency)
    questionnaire = SERVICES[service][3]
    fields: dict[str, Any] = {
        "id": uuid.uuid4(),
        "questionnaire": questionnaire,
        "version": 1,
        "counter": f"quay-{agency}",
        "service": service,
        "answered_at": at,
        "channel": "kiosk",
        "answers": dict.fromkeys(OVERALL[questionnaire], value),
    }
    return Submission(**(fields | more))


def stuff(app: Flask, agency: str, day: dt.date, count: int, seconds: float, value: int = 5, **more: Any) -> None:
    """Somebody presses the same face again and again."""
    start = dt.datetime.combine(day, dt.time(4), dt.UTC)
    with app.app_context():
        _hand_in([submission(agency, start + dt.timedelta(seconds=seconds * i), value, **more) for i in range(count)])


def forget(app: Flask, agency: str, since: dt.date) -> None:
    """A counter's answers from a day on never came."""
    from sqlalchemy import delete, select

    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter
    from survey.responses.models import Rating, Response

    with app.app_context(), writing() as session:
        counter = session.scalar(select(Counter.id).where(Counter.code == f"quay-{agency}"))
        late = select(Response.id).where(Response.counter_id == counter, Response.day >= since)
        session.execute(delete(Rating).where(Rating.response_id.in_(late)))
        session.execute(delete(Response).where(Response.counter_id == counter, Response.day >= since))


def _hand_in(answers: list[Submission]) -> None:
    assert {receipt.status for receipt in receive(answers, received_at=EARLIER)} == {"stored"}
