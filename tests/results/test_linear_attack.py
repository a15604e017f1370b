"""An attacker with linear algebra takes all that is published together, and works out no group of 1 to 29 answers."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Service
from survey.responses.models import Rating
from tests.desk import world as desk
from tests.results.attacker import Attacker, names_of
from tests.results.scattered import PERIODS, YEAR_OVER, publish_everything, scatter
from tests.results.test_nothing_comes_back import COUNTS, FEWEST_PUBLIC, published

pytestmark = pytest.mark.one_database

LATER = YEAR_OVER + dt.timedelta(hours=2)


class Atom(NamedTuple):
    """An agency's answers about a service ('': not told) in a month; `late`: they came after the first publication."""

    agency: str
    service: str
    month: str
    late: bool


def atoms(subject: str) -> Counter[Atom]:
    """What there is to find out about."""
    late = Rating.received_at > YEAR_OVER
    columns = (Agency.code, func.coalesce(Service.code, ""), Rating.month, late)
    query = (
        select(*columns, func.count())
        .select_from(Rating)
        .join(Agency, Agency.id == Rating.agency_id)
        .outerjoin(Service, Service.id == Rating.service_id)
        .where(Rating.subject == subject)
        .group_by(*columns)
    )
    return Counter(
        {
            Atom(agency, service, month, bool(came_late)): n
            for agency, service, month, came_late, n in db.session.execute(query)
        }
    )


def hears_publication(
    attacker: Attacker[Atom], name: str, period: Period, figures: dict[str, Any], subject: str, *, revised: bool
) -> None:
    """Every `received` and `n` of a subject in one publication, and the total of its ratings."""
    entry = figures["subjects"].get(subject)
    if entry is None:
        return

    rows: Iterable[tuple[str, dict[str, Any]]] = [("total", entry["total"])]
    rows = [*rows, *((by, row) for by, rows_by in entry["by"].items() for row in rows_by)]
    rows += [
        ("target", target["figure"])
        for target in figures["targets"]
        if target["subject"] == subject and target["figure"]
    ]
    rows += [("ratings", row) for row in _ratings(figures["counts"], subject)]
    for (by, row), measure in ((row, measure) for row in rows for measure in COUNTS):
        if row.get(measure) is None:
            continue
        late = revised and not row.get("kept")
        of_row = partial(_belongs, period=period, late=late, by=by, domain=row.get("domain"))
        unused = _unused(attacker.truth, period, late=late) if measure == "n" else frozenset()
        attacker.hears(
            f"[{name} {by} {row.get('domain')} {measure}]",
            row[measure],
            lambda atom, of_row=of_row, unused=unused: of_row(atom) and atom not in unused,
        )


def _ratings(table: dict[str, Any] | None, subject: str) -> list[dict[str, Any]]:
    sectors = {"agency_service": "administration", "health_service": "health", "education_service": "education"}
    if table is None:
        return []
    return [{"received": table["counts"][table["rows"].index(sectors[subject])][-1], "kept": table.get("kept")}]


def _unused(truth: dict[Atom, int], period: Period, *, late: bool) -> frozenset[Atom]:
    """Answers that name no service, where these are at most a tenth of their agency's in the period."""
    answers, unnamed = Counter[str](), Counter[str]()
    for atom, count in truth.items():
        if _belongs(atom, period, late, "total", ""):
            answers[atom.agency] += count
            unnamed[atom.agency] += 0 if atom.service else count
    few = {agency for agency, count in answers.items() if unnamed[agency] <= 0.1 * count}
    return frozenset(atom for atom in truth if not atom.service and atom.agency in few)


def spread(seed: int) -> None:
    """More answers in most places, so that most of it is told."""
    chance = random.Random(-seed - 1)
    everything = []
    for (agency, service), month in ((place, month) for place in desk.ANSWERS for month in ("2026-09", "2026-10")):
        named = chance.choice((True, True, False))
        for day in range(1, 28):
            for value, count in ((5, chance.choice((3, 5, 8))), (2, chance.choice((0, 1)))):
                everything += desk.submissions(agency, service, f"{month}-{day:02d}", count, value, named=named)
    desk.hand_in(everything)


def _belongs(atom: Atom, period: Period, late: bool, by: str, domain: str) -> bool:
    inside = atom.month in period.months and (late or not atom.late)
    if by == "service_of_agency":
        return inside and f"{atom.agency}/{atom.service}" == domain
    return inside and (by in ("total", "target", "ratings") or getattr(atom, by) == domain)


@pytest.mark.parametrize(("seed", "tells_services"), [(2, True), (3, False)])
def test_no_combination_of_publications_gives_a_small_group_away(
    world: Flask, client: FlaskClient, seed: int, tells_services: bool
) -> None:
    """All months, quarters, half-year and year, by agency, service and both, before and after late answers."""
    with world.app_context():
        scatter(seed)
        spread(seed)
    publish_everything(world, YEAR_OVER)
    first = {period: published(client, f"{period}/data.json") for period in PERIODS}
    with world.app_context():
        for (agency, service), count in zip(desk.ANSWERS, (2, 35, 1, 40, 3, 31), strict=True):
            desk.answer(agency, service, "2026-10-07", count, 2, received_at=YEAR_OVER + dt.timedelta(hours=1))
    publish_everything(world, LATER)
    second = {period: published(client, f"{period}/data.json") for period in PERIODS}
    by_both = [entry["by"]["service_of_agency"] for entry in first["2026"]["subjects"].values()]
    assert any(row["n"] is not None for rows in by_both for row in rows) is tells_services
    told = 0
    for subject in ("health_service", "education_service", "agency_service"):
        with world.app_context():
            attacker = Attacker(dict(atoms(subject)))
        for period in PERIODS:
            hears_publication(attacker, f"{period} r1", Period.parse(period), first[period], subject, revised=False)
            hears_publication(attacker, f"{period} r2", Period.parse(period), second[period], subject, revised=True)
        told += len(attacker.names)
        leaks = attacker.leaks(FEWEST_PUBLIC)
        assert not leaks, f"{subject}\n{names_of(leaks)}"
    assert told >= 20
