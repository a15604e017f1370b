"""Units for coverage targets: whom a survey reached, who runs a one-stop shop, who has a method, what is on time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from analysis.figures.register import AgencyRow, fetch_agencies, while_registered
from analysis.targets.on_time_queries import OnTime, OnTimeScope, fetch_on_time, summed
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.clock import month_of
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.boundaries import DISTRICTS_ENDED
from survey.responses.models import Response

REGIONAL = "regional"  # health centres and schools that districts ran go on, for a region
ON_TIME = "on_time"
PROCEDURES = ("administration",)  # 323/QĐ-UBND III.1 speaks of administrative procedures
REACHED_WELL = 30  # answers in the year
KIND = {"surveyed_units": "public_service_unit", "one_stop": "administrative"}  # `method_defined`: every unit


@dataclass(frozen=True)
class Unit:
    """One unit and whether it counts; `answers` in the year (surveys), `since` a day (methods, one-stop shops).

    `on_time`: its dossiers (of targets on dossiers, which count these and not the units).

    `level`: as registered, but `regional` of what is still called a district's when there are none any more.
    """

    code: str
    name: str
    level: str
    reached: bool
    answers: int | None = None
    since: dt.date | None = None
    on_time: OnTime | None = None


@dataclass(frozen=True)
class UnitCount:
    """`reached` of `units` (of ``on_time``: dossiers); `reached_well`: those with 30 responses or more (surveys)."""

    units: int
    reached: int
    reached_well: int | None = None


def count_units(
    province_id: int, coverage_of: str, year: int, day: dt.date, received_before: dt.datetime | None = None
) -> UnitCount:
    """Units existing on `day` (dossiers of ``on_time``) and how many of them count for a kind of coverage target."""
    return counted(coverage_of, fetch_units(province_id, coverage_of, year, day, received_before))


def counted(coverage_of: str, units: Sequence[Unit]) -> UnitCount:
    """How many units, or dossiers, there are and how many count."""
    if coverage_of == ON_TIME:
        total = summed(unit.on_time for unit in units if unit.on_time)
        return UnitCount(total.dossiers, total.in_time)
    well = sum((unit.answers or 0) >= REACHED_WELL for unit in units)
    return UnitCount(len(units), sum(unit.reached for unit in units), well if coverage_of == "surveyed_units" else None)


def fetch_units(
    province_id: int, coverage_of: str, year: int, day: dt.date, received_before: dt.datetime | None = None
) -> list[Unit]:
    """Every unit existing on `day` that a target of this kind speaks about, by code.

    A unit is surveyed when it has an answer of the year given by `day` (and received before an instant, where one is
    given); it runs a one-stop shop or has a method when its first day with one is not after `day`.
    """
    agencies = _AGENCIES.get_in(
        while_registered((province_id, coverage_of, day)), lambda: _agencies_on(province_id, coverage_of, day)
    )
    if coverage_of == "surveyed_units":
        counts = _answers(province_id, year, day, received_before)
        return [
            _unit(agency, day, counts.get(agency.id, 0) > 0, answers=counts.get(agency.id, 0)) for agency in agencies
        ]
    if coverage_of == ON_TIME:
        months = [month for month in Period.parse(str(year)).months if month <= month_of(day)]
        solved = {row.code: row for row in fetch_on_time(OnTimeScope(province_id, tuple(months), PROCEDURES))}
        every = [agency for agency in fetch_agencies(province_id) if agency.code in solved]
        return [_unit(agency, day, True, on_time=solved[agency.code]) for agency in sorted(every, key=_code)]
    defined = coverage_of == "method_defined"
    since = [agency.method_defined_on if defined else agency.one_stop_since for agency in agencies]
    pairs = zip(agencies, since, strict=True)
    return [_unit(agency, day, first is not None and first <= day, since=first) for agency, first in pairs]


_AGENCIES: WeightedLru[list[AgencyRow]] = WeightedLru(100_000, len)  # the rows are the register's own


def _agencies_on(province_id: int, coverage_of: str, day: dt.date) -> list[AgencyRow]:
    return sorted(
        (
            agency
            for agency in fetch_agencies(province_id)
            if agency.kind == KIND.get(coverage_of, agency.kind)
            and (agency.valid_from is None or agency.valid_from <= day)
            and (agency.valid_to is None or agency.valid_to >= day)
            and not (day >= DISTRICTS_ENDED and agency.level == "district" and agency.kind == "administrative")
        ),
        key=_code,
    )


def _unit(
    agency: AgencyRow,
    day: dt.date,
    reached: bool,
    answers: int | None = None,
    since: dt.date | None = None,
    on_time: OnTime | None = None,
) -> Unit:
    level = REGIONAL if agency.level == "district" and day >= DISTRICTS_ENDED else agency.level
    return Unit(agency.code, agency.name, level, reached, answers, since, on_time)


def _code(agency: AgencyRow) -> str:
    return agency.code


def _answers(province_id: int, year: int, day: dt.date, received_before: dt.datetime | None) -> Counter[int]:
    """Answers of each agency. Days are told apart in the month of `day` alone: the others are counted in the index."""
    last = month_of(day)
    whole = [month for month in Period.parse(str(year)).months if month < last]
    counts = _count(province_id, whole, received_before)
    if last[:4] == str(year):
        counts += _count(province_id, [last], received_before, Response.day <= day)
    return counts


def _count(
    province_id: int, months: Sequence[str], received_before: dt.datetime | None, *narrowed: ColumnElement[bool]
) -> Counter[int]:
    query = select(Response.agency_id, func.count()).where(
        Response.province_id == province_id, Response.month.in_(months), *narrowed
    )
    if received_before is not None:
        query = query.where(Response.received_at < received_before)
    return Counter({agency: count for agency, count in db.session.execute(query.group_by(Response.agency_id))})  # noqa: C416
