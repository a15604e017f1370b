"""Three years of answers for one province with 300 agencies, written in bulk exactly as the door would write them."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from benchmarks.bulk import MARKED, Bulk
from survey.foundation.caching.register import current_register
from survey.foundation.clock import UTC, today
from survey.foundation.commands.progress import progress
from survey.foundation.periods import shift_month
from survey.foundation.storage.database import db, writing
from survey.questionnaires.models import QuestionnaireVersion
from survey.registry.models import Agency, Caseload, Counter, Province, Service
from survey.responses import models
from survey.responses.lookup import Directory
from survey.responses.submission import Submission
from survey.responses.validation import check

AGENCIES, COUNTERS, MONTHS = 300, 2, 36
SECTORS = ("administration", "health", "education")
SERVICES = {"administration": 8, "health": 4, "education": 3}
UNITS = {"administration": "dossier", "health": "visit", "education": "pupil"}
ITEMS = {  # the overall items first, then two detailed ones
    "administration": ("overall_service", "overall_procedures", "officials_polite", "procedure_on_time"),
    "health": ("overall_health", "staff_conduct", "facilities_clean"),
    "education": ("overall_education", "environment_safe", "activities_teaching"),
}
SUBJECTS = {
    "administration": ("agency_service", "procedures"),
    "health": ("health_service",),
    "education": ("education_service",),
}
CHANNELS, KINDS = np.array(["kiosk", "qr", "paper"]), np.array(["individual", "organisation", "unknown"])
RESPONSE = (
    "id, content_hash, province_id, agency_id, counter_id, service_id, sector, questionnaire_version_id, channel, "
    "respondent_kind, language, answered_at, received_at, day, month, partial, answers"
)
RATING = (
    "response_id, subject, province_id, agency_id, service_id, counter_id, respondent_kind, channel, language, day, "
    "month, received_at, value, items_answered, items_satisfied"
)
TALLY = "province_id, month, agency_id, service_id, item, value, count"


@dataclass(frozen=True)
class Place:
    """An agency with its counters and services (ids) and the questionnaire of its sector."""

    agency: int
    sector: str
    counters: tuple[int, ...]
    services: tuple[int, ...]
    version: int


def months() -> list[str]:
    """The 36 months up to the present one."""
    last = today().strftime("%Y-%m")
    return [shift_month(last, -back) for back in range(MONTHS - 1, -1, -1)]


def build(responses: int) -> None:
    """Fill a migrated, empty database."""
    places = _store_register()
    with writing() as session:
        session.connection().execute(insert(Caseload), list(_caseloads(places, responses)))
    province_id = db.session.scalar(select(Province.id).where(Province.key == "dak-lak"))
    db.session.rollback()
    with Bulk() as bulk:
        counts: Tally[tuple[Any, ...]] = Tally()
        first = 0
        for place_in_time, month in progress(enumerate(months()), "Months of answers", MONTHS):
            size = responses * (place_in_time + 1) // MONTHS - responses * place_in_time // MONTHS
            first = _store_month(bulk, places, province_id, month, size, first, counts)
        rows = [(province_id, *key, count) for key, count in sorted(counts.items())]
        bulk.insert("tallies", TALLY, rows)


def _store_register() -> list[Place]:
    with writing() as session:
        province = session.query(Province).filter_by(key="dak-lak").one()
        services: dict[str, list[Service]] = {}
        for sector in SECTORS:
            numbers = range(SERVICES[sector])
            services[sector] = [Service(code=f"{sector}-{i}", name=f"{sector} {i}", sector=sector) for i in numbers]
            session.add_all(services[sector])
        for number in range(AGENCIES):
            sector = SECTORS[number % 3]
            kind = "administrative" if sector == "administration" else "public_service_unit"
            agency = Agency(
                province=province, code=f"cq-{number:03d}", name=f"Cơ quan số {number}", kind=kind, level="commune",
                area=("urban", "rural", "remote")[number // 3 % 3],
            )  # fmt: skip
            for counter in range(COUNTERS):
                code = f"cq-{number:03d}-{counter}"
                session.add(Counter(agency=agency, code=code, name=f"Quầy {counter}", services=services[sector]))
        session.flush()
        versions = {sector: session.query(QuestionnaireVersion.id).filter_by(questionnaire_key=sector).first()[0]
                    for sector in SECTORS}  # fmt: skip
        return [
            Place(
                agency.id,
                sector := SECTORS[number % 3],
                tuple(session.scalars(select(Counter.id).where(Counter.agency_id == agency.id))),
                tuple(service.id for service in services[sector]),
                versions[sector],
            )
            for number, agency in enumerate(session.query(Agency).order_by(Agency.id))
        ]


def _caseloads(places: Sequence[Place], responses: int) -> Iterator[dict[str, Any]]:
    random = np.random.default_rng(7)
    usual = 5 * responses / (AGENCIES * MONTHS)
    for place in places:
        for service in place.services:
            size = usual / len(place.services) * random.uniform(0.5, 2)
            for month in months():
                yield {
                    "agency_id": place.agency, "service_id": service, "month": month, "respondent_kind": "",
                    "unit": UNITS[place.sector], "count": int(random.poisson(size)) + 20,
                }  # fmt: skip


def _store_month(
    bulk: Bulk, places: Sequence[Place], province_id: int, month: str, size: int, first: int, counts: Tally[Any]
) -> int:
    year, number = int(month[:4]), int(month[5:])
    last = calendar.monthrange(year, number)[1]
    days = [d for d in (dt.date(year, number, i) for i in range(1, last + 1)) if d.weekday() < 5 and d <= today()]
    random = np.random.default_rng(int(month.replace("-", "")))
    for place_number, place in enumerate(places):
        n = size * (place_number + 1) // AGENCIES - size * place_number // AGENCIES
        if n and days:
            _store_place(bulk, place, province_id, month, days, n, first, random, counts)
            first += n
    return first


def _store_place(
    bulk: Bulk,
    place: Place,
    province_id: int,
    month: str,
    days: Sequence[dt.date],
    n: int,
    first: int,
    random: np.random.Generator,
    counts: Tally[Any],
) -> None:
    names, subjects, sector = ITEMS[place.sector], SUBJECTS[place.sector], place.sector
    day = np.sort(random.integers(len(days), size=n))
    counter = random.integers(len(place.counters), size=n)
    leaning = 0.78 + 0.1 * np.sin(place.agency) + random.normal(0, 0.07, (len(days), len(place.counters)))[day, counter]
    values = 1 + (random.uniform(size=(len(names), n)) < leaning).astype(int) * 3
    values += random.integers(0, 2, size=values.shape) + (values == 1) * random.integers(0, 2, size=values.shape)
    service = np.array(place.services)[random.integers(len(place.services), size=n)]
    kind = (
        KINDS[random.choice(3, size=n, p=(0.8, 0.17, 0.03))] if sector == "administration" else KINDS[np.zeros(n, int)]
    )
    channel = CHANNELS[random.choice(3, size=n, p=(0.6, 0.3, 0.1))]
    texts: dict[tuple[int, ...], str] = {}
    detailed = values[len(subjects) :]
    satisfied = (detailed >= 4).sum(axis=0).tolist()
    responses, ratings = [], []
    columns = (day.tolist(), counter.tolist(), service.tolist(), kind.tolist(), channel.tolist(), values.T.tolist())
    for i, (d, c, s, k, ch, given) in enumerate(zip(*columns, strict=True)):
        key, id_ = tuple(given), bulk.id(first + i)
        if key not in texts:
            texts[key] = json.dumps(dict(zip(names, given, strict=True)))
        date = days[d].isoformat()
        at = f"{date} {1 + i % 8:02d}:{i % 60:02d}:00.000000"
        c = place.counters[c]
        responses.append(
            (id_, f"{first + i:064x}", province_id, place.agency, c, s, sector, place.version, ch, k, "vi", at, at,
             date, month, bulk.false, texts[key])
        )  # fmt: skip
        rated = list(zip(subjects, given, strict=False))
        if sector == "administration":
            rated.append(("procedures_and_service", min(given[:2])))
        ratings += [
            (id_, subject, province_id, place.agency, s, c, k, ch, "vi", date, month, at, value, len(detailed),
             satisfied[i])
            for subject, value in rated
        ]  # fmt: skip
    bulk.insert("responses", RESPONSE, responses)
    bulk.insert("ratings", RATING, ratings)
    for position, name in enumerate(names):
        pairs, times = np.unique(np.stack([service, values[position]]), axis=1, return_counts=True)
        for (s, value), count in zip(pairs.T.tolist(), times.tolist(), strict=True):
            counts[month, place.agency, s, name, value] += count


def same_as_the_door() -> int:
    """How many stored answers were compared with what the door makes of them: ratings and tallies, row by row.

    Raises AssertionError where they differ.
    """
    session = db.session()
    agencies = dict(session.execute(select(Agency.id, Agency.code)).tuples().all())
    counters = dict(session.execute(select(Counter.id, Counter.code)).tuples().all())
    services = dict(session.execute(select(Service.id, Service.code)).tuples().all())
    stored = list(session.scalars(select(models.Response)))
    submissions = [
        Submission(
            id=row.id, questionnaire=row.sector, version=1, counter=counters[row.counter_id],
            agency=agencies[row.agency_id], service=services[row.service_id], language=row.language,
            respondent_kind=row.respondent_kind if row.sector == "administration" else None,
            answered_at=row.answered_at.astimezone(UTC), channel=row.channel, answers=row.answers,
        )
        for row in stored
    ]  # fmt: skip
    directory = Directory(lambda: session, submissions, current_register(session))
    checked = [
        check(submission, directory, row.received_at) for submission, row in zip(submissions, stored, strict=True)
    ]
    keep = RATING.split(", ")
    ratings = [
        {name: (checked_answer.response | rating)[name] for name in keep}
        for checked_answer in checked
        for rating in checked_answer.ratings
    ]
    there = [{name: getattr(row, name) for name in keep} for row in session.scalars(select(models.Rating))]
    assert _ordered(ratings) == _ordered(there)
    made = Tally(
        (
            checked_answer.response["month"],
            checked_answer.response["agency_id"],
            checked_answer.response["service_id"],
            item,
            value,
        )
        for checked_answer in checked
        for item, value in checked_answer.items
    )
    columns = models.Tally.__table__.c
    rows = session.execute(
        select(columns.month, columns.agency_id, columns.service_id, columns.item, columns.value, columns.count)
    )
    assert made == {tuple(row[:5]): row[5] for row in rows}
    latest: dict[tuple[Any, ...], Any] = {}
    for rating in ratings:
        key = tuple(rating[name] for name in MARKED)
        latest[key] = max(rating["received_at"], latest.get(key, rating["received_at"]))
    marks = session.scalars(select(models.RatingMark)).all()
    assert latest == {tuple(getattr(mark, name) for name in MARKED): mark.latest for mark in marks}
    assert len({mark.stamp for mark in marks}) == len(marks)
    return len(stored)


def _ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["response_id"], row["subject"]))
