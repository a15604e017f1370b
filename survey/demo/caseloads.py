"""Invented caseloads: month by month, with the gaps that life leaves."""

from __future__ import annotations

import datetime as dt
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from survey.demo.places import SERVICES, AgencySpec, ServiceSpec
from survey.foundation.periods import Period

SPECS = {service.code: service for service in SERVICES}
BY_KIND = ("DL-STC", "DL-SXD")  # these tell individuals from organisations
MONTH_WITHOUT_CASELOAD = {("DL-H2", "2018-06"), ("DL-TTYT2", "2019-03")}
LATE_MONTH = ("DL-XM03", "DL-XM06", "DL-TTYT4")  # their last full month has not come yet
NEVER_SENT = ("DL-TYT4",)
SAYS_NO_OVERDUE = ("DL-XM03",)  # sends dossiers, not how many were late
LATE_SERVICES = ("DD-BIENDONG", "DD-CAPGCN")
OFTEN_LATE, SELDOM_LATE = 0.22, 0.05


@dataclass(frozen=True)
class MonthlyCaseload:
    """One agency x service x month: its caseload and the part that organisations bring."""

    agency: AgencySpec
    service: ServiceSpec
    month: str
    count: int
    organisations: int


def months_of_demo(last_month: str) -> list[str]:
    """2012 to 2020, and the last three full months."""
    end = Period.parse(last_month)
    recent = [end.previous().previous().code, end.previous().code, end.code]
    return [f"{year}-{month:02d}" for year in range(2012, 2021) for month in range(1, 13)] + recent


def agency_months(agencies: Sequence[AgencySpec], months: Sequence[str]) -> Iterator[MonthlyCaseload]:
    """Every month in which an agency existed, in a fixed order."""
    for agency in agencies:
        for month in months:
            if not _exists(agency, month):
                continue
            for code in agency.services:
                yield _month(agency, SPECS[code], month)


def sent(entry: MonthlyCaseload, last_month: str) -> bool:
    """Whether the agency has sent the file of this month."""
    code, month = entry.agency.code, entry.month
    late = code in LATE_MONTH and month == last_month
    return not (late or code in NEVER_SENT or (code, month) in MONTH_WITHOUT_CASELOAD)


def rows_to_store(entry: MonthlyCaseload) -> list[tuple[str, int]]:
    """(respondent kind, count): split where the agency tells kinds apart, '' otherwise."""
    if entry.agency.code not in BY_KIND:
        return [("", entry.count)]
    return [("individual", entry.count - entry.organisations), ("organisation", entry.organisations)]


def overdue_of(entry: MonthlyCaseload, kind: str, count: int) -> int | None:
    """Dossiers that were late; None where nothing is handled by a day (visits, pupils), or the register is silent."""
    if entry.service.unit != "dossier" or entry.agency.code in SAYS_NO_OVERDUE:
        return None
    random = np.random.default_rng(seed("overdue", entry.agency.code, entry.service.code, entry.month, kind))
    usual = OFTEN_LATE if entry.service.code in LATE_SERVICES else SELDOM_LATE
    return int(random.binomial(count, usual))


def seed(*parts: str) -> int:
    """A seed that is the same on every machine."""
    return zlib.crc32("|".join(parts).encode())


def _exists(agency: AgencySpec, month: str) -> bool:
    day = dt.date.fromisoformat(f"{month}-15")
    return (agency.valid_from or day) <= day <= (agency.valid_to or day)


def _month(agency: AgencySpec, service: ServiceSpec, month: str) -> MonthlyCaseload:
    random = np.random.default_rng(seed("caseload", agency.code, service.code, month))
    season = 1 + 0.15 * math.sin(2 * math.pi * int(month[5:]) / 12)
    usual = service.size * agency.size
    if service.unit == "pupil":
        count = max(1, round(usual * (1 + 0.02 * (int(month[:4]) - 2016))))
    else:
        count = int(random.poisson(usual * season))
    return MonthlyCaseload(agency, service, month, count, int(random.binomial(count, service.organisations)))
