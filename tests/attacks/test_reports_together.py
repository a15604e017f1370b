"""A colleague who sees the whole province opens every report of a period and solves the equations of their counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from flask import Flask
from numpy.typing import NDArray
from sqlalchemy import text

from analysis.reports.builder import build_report
from analysis.reports.document import Report
from analysis.reports.kinds import KINDS, misfit
from analysis.reports.recipients import departments, sums_up
from analysis.reports.recorded_queries import Shared
from analysis.reports.verify import recompute
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.figures.random_provinces import NOW, make_random_provinces
from tests.reports.making import tables
from tests.support.clocks import frozen_at
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

database_url = stored_world("random_provinces", make_random_provinces, "provinces", at=NOW)
frozen_clock = frozen_at(NOW)
FEW, FEW_COUNTED = 10, 5  # of whom no share is told, and not even how many they are
COUNTS = ("n", "received")
SUBJECTS = ("agency_service", "procedures", "health_service", "education_service")
Indicator = NDArray[np.float64]


class Atom(NamedTuple):
    """What reports tell apart of an answer."""

    agency: str
    service: str
    respondent_kind: str
    month: str
    channel: str


@dataclass(frozen=True)
class Told:
    """A count in an attachment: of which atoms, how many, and whether a share stands beside it."""

    of: Indicator
    with_share: bool


@pytest.fixture
def provinces(app: Flask) -> Flask:
    """Three provinces drawn at random, many of whose offices, services and months have few answers."""
    return app


def every_report(province: str, code: str) -> list[Report]:
    """All kinds, of all departments and agencies."""
    query = text("SELECT code FROM agencies WHERE province_id = (SELECT id FROM provinces WHERE key = :province)")
    agencies = list(db.session.scalars(query, {"province": province}))
    period, shared = Period.parse(code), Shared()
    return [
        build_report(province, recipient, period, kind=kind, shared=shared)
        for recipient, kind in product([*departments(), *agencies], KINDS)
        if not misfit(kind, recipient in agencies, sums_up(recipient), period)
    ]


def answers_of(province: str, subject: str, period: Period) -> Counter[Atom]:
    """How many answers there are of each atom; 0 where an agency could have been asked about a service, too."""
    query = text(
        "SELECT agencies.code, services.code, respondent_kind, day, channel FROM ratings"
        " JOIN agencies ON agencies.id = ratings.agency_id JOIN provinces ON provinces.id = ratings.province_id"
        " LEFT JOIN services ON services.id = ratings.service_id WHERE provinces.key = :province AND subject = :subject"
    )
    rows = db.session.execute(query, {"province": province, "subject": subject})
    counts = Counter(
        Atom(agency, service or "", kind or "unknown", str(day)[:7], channel)
        for agency, service, kind, day, channel in rows
    )
    agencies, services = ({atom[place] for atom in counts} for place in (0, 1))
    for agency, service, channel in product(agencies, services, {atom.channel for atom in counts}):
        counts[Atom(agency, service, "individual", period.last, channel)] += 0
    return counts


def told_in(report: Report, subject: str, counts: Mapping[Atom, int]) -> Iterator[Told]:
    """Every count in a report's attachment that is one of answers about a subject."""
    atoms, sizes = list(counts), np.array(list(counts.values()))
    periods = {entry["question"]["period"] for entry in report.figures["answers"]}
    months = {period: frozenset(Period.parse(period, days=True).months) for period in periods}
    for entry in report.figures["answers"]:
        question = entry["question"]
        if question["subject"] != subject or question["by"] in ("area", "language"):
            continue
        asked = [place for place, atom in enumerate(atoms) if _asked(question, months[question["period"]], atom)]
        for figure in entry["figures"]:
            of = np.zeros(len(atoms))
            of[[place for place in asked if _in_row(question["by"], figure["domain"], atoms[place])]] = 1.0
            for name in COUNTS:
                if figure[name] is not None and figure[name] == sizes @ of > 0:
                    yield Told(of, with_share=not figure["suppressed"])


def _asked(question: Mapping[str, Any], months: Collection[str], atom: Atom) -> bool:
    kinds = question["respondent_kinds"]
    return (
        atom.month in months
        and (question["agencies"] is None or atom.agency in question["agencies"])
        and (question["services"] is None or atom.service in question["services"])
        and (kinds is None or atom.respondent_kind in (*kinds, "unknown"))
    )


def _in_row(by: str | None, domain: str, atom: Atom) -> bool:
    return by is None or getattr(atom, by) == domain


def groups_of(period: Period, counts: Mapping[Atom, int]) -> dict[tuple[str, ...], list[int]]:
    """The groups that somebody may be curious about: places of their atoms, by what they are."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, atom in enumerate(counts):
        names: list[tuple[str, ...]] = [("month", atom.month), ("agency and month", atom.agency, atom.month)]
        if atom.month in period.months:
            names += [("agency", atom.agency), ("service", atom.service), ("channel", atom.channel)]
            names += [("agency and service", atom.agency, atom.service)]
            names += [("agency and channel", atom.agency, atom.channel)]
        for name in names:
            groups[name].append(place)
    return groups


def span_of(told: Sequence[Told], atoms: int) -> Indicator:
    """An orthonormal basis (R, N) of all that follows from told counts by adding and subtracting."""
    equations = np.unique(np.array([count.of for count in told] or [np.zeros(atoms)]), axis=0)
    _, sizes, basis = np.linalg.svd(equations, full_matrices=False)
    spanning: Indicator = basis[sizes > 1e-9 * max(float(sizes[0]), 1.0)]
    return spanning


@pytest.mark.parametrize(
    ("province", "code"),
    [
        ("dak-lak", "2026-07"),
        ("an-giang", "2026-07"),
        ("dak-lak", "2026-Q3"),
        ("son-la", "2026-Q3"),
        ("an-giang", "2026"),
    ],
)
def test_all_reports_of_a_period_together_tell_nothing_of_few(provinces: Flask, province: str, code: str) -> None:
    small, told_groups = 0, []
    with provinces.app_context():
        reports = every_report(province, code)
        for subject in SUBJECTS:
            counts = answers_of(province, subject, Period.parse(code))
            sizes = np.array(list(counts.values()))
            told = [count for report in reports for count in told_in(report, subject, counts)]
            spans = {
                FEW: span_of([count for count in told if count.with_share], len(counts)),
                FEW_COUNTED: span_of(told, len(counts)),
            }
            for name, places in groups_of(Period.parse(code), counts).items():
                own = np.zeros(len(counts))
                own[places] = 1.0
                held = int(sizes @ own)
                small += 0 < held < FEW
                for fewest, span in spans.items():
                    if 0 < held < fewest and np.allclose(own, span.T @ (span @ own), atol=1e-6):
                        told_groups.append((subject, *name, held))
    assert small > 50
    assert told_groups == []


def test_the_text_of_a_report_tells_no_count_that_its_attachment_does_not(provinces: Flask) -> None:
    """So that what the attachments hold is all there is to solve."""
    read = 0
    with provinces.app_context():
        for report in every_report("dak-lak", "2026-Q3"):
            attached = set(re.findall(r"'(?:n|received)': (\d+)", str(report.figures["answers"])))
            for table in tables(report.document):
                columns = [place for place, column in enumerate(table.columns) if column.holds in COUNTS]
                printed = {row[place].replace(".", "") for row in table.rows for place in columns}
                numbers = {cell for cell in printed if cell.isdigit()}
                assert numbers <= attached, table.caption
                read += len(numbers)
    assert read > 20


def test_reports_that_hold_months_back_are_found_as_they_were(provinces: Flask) -> None:
    with provinces.app_context():
        held = [
            report.figures
            for report in every_report("son-la", "2026-Q3")
            if any("held" in entry for entry in report.figures["answers"])
        ]
        assert held
        assert [recompute({**figures}).differences for figures in held] == [()] * len(held)
