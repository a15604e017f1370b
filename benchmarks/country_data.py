"""Invented provinces of a country: agencies, caseloads and ratings, into a database or straight into an archive.

An agency is small, as most are: one service and one counter (some have two), open on working days, nine ratings of ten
from the kiosk at its counter. So its cells are its days, however many people rate. Where agencies ask `once` a month
(one day, about one service, by kiosk) a month is about one cell: as in the country that issue 22 was measured on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from benchmarks.bulk import Bulk
from survey.foundation.commands.progress import progress
from survey.foundation.storage.database import db, writing
from survey.questionnaires.models import QuestionnaireVersion
from survey.registry.models import Agency, Caseload, Counter, Province, Service

SUBJECT, SECTOR = "health_service", "health"
AREAS, CHANNELS = ("urban", "rural", "remote"), ("kiosk", "paper", "qr")
OFTEN = (0.9, 0.05, 0.05)  # how often each channel: a kiosk stands there
SERVICES, COUNTERS = 4, 2
SECOND_SERVICE, SECOND_COUNTER = 3, 5  # every so manieth agency has a second one
SECOND_WHERE_ONCE = 12  # and every so manieth has a second counter where agencies ask once a month
RESPONSE = (
    "id, content_hash, province_id, agency_id, counter_id, service_id, sector, questionnaire_version_id, channel, "
    "respondent_kind, language, answered_at, received_at, day, month, partial, answers"
)
RATING = (
    "response_id, subject, province_id, agency_id, service_id, counter_id, respondent_kind, channel, language, day, "
    "month, received_at, value, items_answered, items_satisfied"
)


@dataclass(frozen=True)
class Columns:
    """Ratings of a month, (n,) each: places of agency, service and counter (0: none), the day, the hour, the value."""

    agency: Any
    service: Any
    counter: Any
    channel: Any
    day: Any
    hour: Any
    value: Any


@dataclass(frozen=True)
class InventedProvince:
    """One province: its key, its number among them, how many agencies it has."""

    key: str
    number: int
    agencies: int
    once: bool = False

    def agency(self, place: int) -> str:
        """An agency's code."""
        return f"{self.key}-{place:05d}"

    @cached_property
    def leaning(self) -> Any:
        """How satisfied each agency's visitors are, (agencies,)."""
        return np.random.default_rng([self.number, 3]).uniform(0.55, 0.95, size=self.agencies)

    def caseloads(self, month: str, usual: float) -> Iterator[tuple[int, int, int]]:
        """(agency, service, visits) of nearly every service that an agency has."""
        random = np.random.default_rng([self.number, 1, int(month.replace("-", ""))])
        visits = random.poisson(usual * random.uniform(0.5, 2, size=(self.agencies, 2))) + 20
        known = random.uniform(size=visits.shape) > 0.02
        known[:, 1] &= np.arange(self.agencies) % SECOND_SERVICE == 0
        for agency, which in zip(*np.nonzero(known), strict=True):
            yield int(agency), int(agency + which) % SERVICES, int(visits[agency, which])

    def ratings(self, month: str, size: int) -> Columns:
        """So many ratings; some name no service, some come from no counter."""
        random = np.random.default_rng([self.number, 2, int(month.replace("-", ""))])
        agency = np.sort(random.integers(self.agencies, size=size))
        first = np.datetime64(month)
        open_days = np.flatnonzero(np.is_busday(np.arange(first.astype("M8[D]"), (first + 1).astype("M8[D]")))) + 1
        second_service = (agency % SECOND_SERVICE == 0) & (random.uniform(size=size) < 0.5)
        second_counter = (agency % SECOND_COUNTER == 0) & (random.uniform(size=size) < 0.5)
        satisfied = random.uniform(size=size) < self.leaning[agency]
        if self.once:
            return self._once(agency, open_days, satisfied, random)
        return Columns(
            agency,
            (agency + second_service) % SERVICES + 1 - (random.uniform(size=size) < 0.01) * 10,
            1 + second_counter,
            random.choice(len(CHANNELS), size=size, p=OFTEN),
            random.choice(open_days, size=size),
            random.integers(1, 9, size=size),
            np.where(satisfied, random.integers(4, 6, size=size), random.integers(1, 4, size=size)),
        )

    def _once(self, agency: Any, open_days: Any, satisfied: Any, random: np.random.Generator) -> Columns:
        none, day = np.zeros_like(agency), random.choice(open_days, size=self.agencies)[agency]
        second_counter = (agency % SECOND_WHERE_ONCE == 0) & (random.uniform(size=len(agency)) < 0.5)
        value = np.where(satisfied, 5, random.integers(1, 4, size=len(agency)))
        return Columns(agency, agency % SERVICES + 1, 1 + second_counter, none, day, none + 3, value)


def fill(provinces: list[InventedProvince], months: list[str], ratings: int) -> None:
    """Fill a migrated, empty database; the ratings are shared out evenly over provinces and months."""
    size = ratings // (len(provinces) * len(months))
    with writing() as session:
        services = [Service(code=f"kham-{place}", name=f"Khám {place}", sector=SECTOR) for place in range(SERVICES)]
        session.add_all(services)
        for province in provinces:
            _store_agencies(session, province)
        session.flush()
        service_ids = [service.id for service in services]
    version = db.session.scalar(
        select(QuestionnaireVersion.id).where(QuestionnaireVersion.questionnaire_key == SECTOR).limit(1)
    )
    for province in provinces:
        agency_ids, rows = _agency_ids(province), []
        for month in months:
            for agency, service, visits in province.caseloads(month, 3 * size / province.agencies):
                place = {"agency_id": agency_ids[agency], "service_id": service_ids[service], "month": month}
                rows.append(place | {"respondent_kind": "", "unit": "visit", "count": visits})
        with writing() as session:
            session.connection().execute(insert(Caseload), rows)
    ids = {
        province.key: (_province_id(province), _agency_ids(province), _counter_ids(province)) for province in provinces
    }
    with Bulk() as bulk:
        first = 0
        for province in progress(provinces, "Provinces", len(provinces)):
            for month in months:
                _store_month(bulk, province, ids[province.key], service_ids, version, month, size, first)
                first += size


def _store_agencies(session: Any, province: InventedProvince) -> None:
    row = session.query(Province).filter_by(key=province.key).one()
    for place in range(province.agencies):
        code = province.agency(place)
        agency = Agency(
            province=row, code=code, name=f"Bệnh viện {code}", kind="public_service_unit", level="commune",
            area=AREAS[place % 3],
        )  # fmt: skip
        session.add_all(Counter(agency=agency, code=f"{code}-{n}", name=f"Quầy {n}") for n in range(COUNTERS))


def _province_id(province: InventedProvince) -> int:
    return int(db.session.scalar(select(Province.id).where(Province.key == province.key)) or 0)


def _agency_ids(province: InventedProvince) -> list[int]:
    query = select(Agency.id).join(Province).where(Province.key == province.key).order_by(Agency.code)
    return list(db.session.scalars(query))


def _counter_ids(province: InventedProvince) -> list[int]:
    query = select(Counter.id).join(Agency).join(Province).where(Province.key == province.key).order_by(Counter.code)
    return list(db.session.scalars(query))


def _store_month(
    bulk: Bulk,
    province: InventedProvince,
    ids: tuple[int, list[int], list[int]],
    services: list[int],
    version: int | None,
    month: str,
    size: int,
    first: int,
) -> None:
    province_id, agencies, counters = ids
    columns = province.ratings(month, size)
    none = None if bulk.sqlite else r"\N"
    responses, ratings = [], []
    for number, (a, s, c, ch, day, hour, value) in enumerate(
        zip(*(getattr(columns, name).tolist() for name in columns.__dataclass_fields__), strict=True), start=first
    ):
        date = f"{month}-{day:02d}"
        at, id_ = f"{date} {hour:02d}:00:00.000000", bulk.id(number)
        service = services[s - 1] if s > 0 else none
        counter, channel = counters[COUNTERS * a + c - 1], CHANNELS[ch]
        responses.append(
            (id_, f"{number:064x}", province_id, agencies[a], counter, service, SECTOR, version, channel, "individual",
             "vi", at, at, date, month, bulk.false, f'{{"overall_health": {value}}}')
        )  # fmt: skip
        ratings.append(
            (id_, SUBJECT, province_id, agencies[a], service, counter, "individual", channel, "vi", date, month, at,
             value, 0, 0)
        )  # fmt: skip
    bulk.insert("responses", RESPONSE, responses)
    bulk.insert("ratings", RATING, ratings)
