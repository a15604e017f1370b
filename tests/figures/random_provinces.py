"""Provinces whose agencies, caseloads and answers are drawn at random: what two programs work figures out of."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from random import Random

from flask import Flask
from sqlalchemy import text

from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Caseload, Counter, Province, Service
from survey.responses.ingest import Submission, receive
from tests.desk.world import OVERALL
from tests.figures.independently.told import Answer, Dossiers

NOW = dt.datetime(2026, 11, 20, 3, 0, tzinfo=dt.UTC)
SUBJECTS = {"administration": "agency_service", "health": "health_service", "education": "education_service"}
UNITS = {"administration": "dossier", "health": "visit", "education": "pupil"}
PROVINCES = ("dak-lak", "son-la", "an-giang")
YEARS = (2025, 2026)
KINDS = ("individual", "organisation")
SEED = 20261130


@dataclass(frozen=True)
class Habits:
    """How one province's sector goes about a year; drawn once, so that designs differ as a whole."""

    answers: int
    unnamed: float  # share of answers that name no service
    unsaid: float  # share that does not say its kind
    loose: float  # share without a counter
    months: tuple[int, ...]  # in which anything is answered
    days: tuple[int, ...]
    lost: float  # share of months whose caseload never came
    by_kind: float  # share of services whose caseload is told by kind


def make_random_provinces(app: Flask) -> None:
    """Every sector of three provinces in two years, a few hundred answers each, by the one door."""
    random = Random(SEED)
    with app.app_context():
        everything: list[Submission] = []
        for province in PROVINCES:
            for sector in SUBJECTS:
                places = _store_places(province, sector, random)
                for year in YEARS:
                    habits = _habits(random)
                    _store_caseloads(places, sector, year, habits, random)
                    everything += _submissions(places, sector, year, habits, random)
        for receipt in receive(everything, received_at=NOW - dt.timedelta(hours=1)):
            assert receipt.status == "stored", receipt


def _habits(random: Random) -> Habits:
    months = tuple(range(1, 11))
    days = tuple(range(1, 29))
    return Habits(
        answers=random.choice([60, 150, 300]),
        unnamed=random.choice([0, 0.04, 0.2]),
        unsaid=random.choice([0, 0.03, 0.15]),
        loose=random.choice([0, 0, 0.3, 1]),
        months=random.choice([months, months, tuple(random.sample(months, 5)), (2, 3, 7, 8, 9, 10)]),
        days=random.choice([days, tuple(random.sample(days, 6)), tuple(random.sample(days, 2))]),
        lost=random.choice([0, 0, 0.2, 0.6]),
        by_kind=random.choice([0, 0.5, 1]),
    )


def _store_places(province_key: str, sector: str, random: Random) -> dict[str, list[str]]:
    """The services (codes) of each agency (code): one to four, so that some agencies have a single one."""
    places: dict[str, list[str]] = {}
    short = f"{province_key[:2]}{sector[:2]}"
    with writing() as session:
        province = session.query(Province).filter_by(key=province_key).one()
        services = [
            Service(code=f"{short}-s{number}", name=f"{short} {number}", sector=sector, field="") for number in range(4)
        ]
        session.add_all(services)
        head: Agency | None = None
        for number in range(random.choice([2, 4])):
            agency = Agency(
                province=province,
                code=f"{short}-a{number}",
                name=f"{short} {number}",
                kind="administrative",
                level="province",
                parent=head if number > 1 else None,
            )
            head = head or agency
            own = sorted(random.sample(range(4), random.choice([1, 2, 4])))
            session.add(agency)
            session.add(
                Counter(agency=agency, code=f"q-{agency.code}", name="Quầy", services=[services[at] for at in own])
            )
            places[agency.code] = [services[at].code for at in own]
    return places


def _store_caseloads(places: dict[str, list[str]], sector: str, year: int, habits: Habits, random: Random) -> None:
    with writing() as session:
        agencies = {agency.code: agency.id for agency in session.query(Agency)}
        services = {service.code: service.id for service in session.query(Service)}
        for agency, offered in places.items():
            for service in offered:
                kinds = KINDS if random.random() < habits.by_kind else ("",)
                for month in range(1, 13):
                    if random.random() < habits.lost:
                        continue
                    for kind in kinds:
                        session.add(
                            Caseload(
                                agency_id=agencies[agency],
                                service_id=services[service],
                                month=f"{year}-{month:02d}",
                                unit=UNITS[sector],
                                respondent_kind=kind,
                                count=random.choice([0, 7, 40, 333, 1_000]),
                            )
                        )


def _submissions(
    places: dict[str, list[str]], sector: str, year: int, habits: Habits, random: Random
) -> list[Submission]:
    given = []
    big = dt.date(year, random.choice(habits.months), random.choice(habits.days))
    for number in range(habits.answers):
        day = dt.date(year, random.choice(habits.months), random.choice(habits.days))
        if number % 7 == 0:  # one day much bigger than the others
            day = big
        agency = random.choice(list(places))
        loose = random.random() < habits.loose
        good = random.random() < (0.9 if day.toordinal() % 3 else 0.6)
        given.append(
            Submission(
                id=uuid.UUID(int=random.getrandbits(128), version=4),
                questionnaire=sector,
                version=1,
                counter=None if loose else f"q-{agency}",
                agency=agency if loose else None,
                service=None if random.random() < habits.unnamed else random.choice(places[agency]),
                answered_at=dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC),
                channel=random.choice(["qr", "kiosk", "paper"]),
                respondent_kind=None if random.random() < habits.unsaid else random.choice(["individual", *KINDS]),
                answers=dict.fromkeys(OVERALL[sector], 5 if good else 2),
            )
        )
    return given


def stored(province: str, sector: str, year: int) -> tuple[list[Answer], list[Dossiers]]:
    """What lies in the database of one sector in a year, row by row."""
    asked = {"province": province, "subject": SUBJECTS[sector], "sector": sector, "year": f"{year}-%"}
    answers = db.session.execute(
        text(
            "SELECT agencies.code, services.code, respondent_kind, day, counter_id, channel, value FROM ratings"
            " JOIN agencies ON agencies.id = ratings.agency_id JOIN provinces ON provinces.id = ratings.province_id"
            " LEFT JOIN services ON services.id = ratings.service_id"
            " WHERE provinces.key = :province AND subject = :subject AND month LIKE :year"
        ),
        asked,
    )
    dossiers = db.session.execute(
        text(
            "SELECT agencies.code, services.code, respondent_kind, month, count, unit FROM caseloads"
            " JOIN agencies ON agencies.id = caseloads.agency_id JOIN provinces ON provinces.id = agencies.province_id"
            " JOIN services ON services.id = caseloads.service_id"
            " WHERE provinces.key = :province AND services.sector = :sector"
        ),
        asked,
    )
    return (
        [
            Answer(agency, service, kind, dt.date.fromisoformat(str(day)), counter is not None, channel, value >= 4)
            for agency, service, kind, day, counter, channel, value in answers
        ],
        [
            Dossiers(agency, service, kind or "", month, count, stock=unit == "pupil")
            for agency, service, kind, month, count, unit in dossiers
        ],
    )


def parents_of_agencies() -> dict[str, str]:
    """The code of the agency above each, its own where there is none."""
    rows = db.session.execute(
        text("SELECT own.code, above.code FROM agencies AS own LEFT JOIN agencies AS above ON above.id = own.parent_id")
    )
    return {own: above or own for own, above in rows}
