"""What changed since an earlier publication, an answer erased or a caseload corrected, tells nobody of few answers."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select

from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Caseload, Service
from survey.responses.models import Response
from survey.retention.service import erase
from tests.results.scattered import YEAR_OVER
from tests.results.test_nothing_comes_back import published

pytestmark = pytest.mark.one_database


def publish(app: Flask, *periods: str) -> None:
    with time_machine.travel(YEAR_OVER, tick=False), app.app_context():
        for period in periods:
            close_period("dak-lak", Period.parse(period))
            publish_period("dak-lak", Period.parse(period))


def differences(client: FlaskClient, shorter: str, longer: str) -> dict[str, int]:
    """How many more answers a longer period tells of than a shorter one that holds them all, by row and count."""
    told = []
    for period in (shorter, longer):
        subjects = published(client, f"{period}/data.json")["subjects"]
        rows = {
            f"{subject} {by} {row['domain']} {measure}": row[measure]
            for subject, entry in subjects.items()
            for by, table in {"total": [entry["total"]], **entry["by"]}.items()
            for row in table
            for measure in ("n", "received")
            if row[measure] is not None
        }
        told.append(rows)
    return {name: told[1][name] - n for name, n in told[0].items() if name in told[1]}


def erase_some(app: Flask, service: str, count: int) -> None:
    with app.app_context():
        query = select(Response.id).join(Service, Service.id == Response.service_id)
        ids = list(db.session.scalars(query.where(Service.code == service, Response.month == "2026-10").limit(count)))
        for id_ in ids:
            erase(id_, "theo đơn")


def small(moved: dict[str, int]) -> dict[str, int]:
    return {name: more for name, more in moved.items() if 0 < abs(more) < 30}


def test_a_longer_period_published_later_does_not_tell_what_was_erased_between(
    world: Flask, client: FlaskClient
) -> None:
    publish(world, "2026-10")
    erase_some(world, "giao-duc", 1)
    publish(world, "2026-Q4")
    told = differences(client, "2026-10", "2026-Q4")
    assert small(told) == {}
    assert any("health_service total" in name for name in told), "of others as much is told as before"


def test_nor_what_said_those_whom_a_caseload_entered_between_lets_it_use(world: Flask, client: FlaskClient) -> None:
    """Twelve in-patients had no caseload beside them: the share of those used was told without them."""
    erase_some(world, "noi-tru", 28)
    with world.app_context(), writing() as session:
        of_service = select(Caseload).join(Service, Caseload.service_id == Service.id).where(Service.code == "noi-tru")
        rows = list(session.scalars(of_service))
        values = [{c.key: getattr(row, c.key) for c in inspect(row).mapper.column_attrs} for row in rows]
        for row in rows:
            session.delete(row)
    publish(world, "2026-10")
    with world.app_context(), writing() as session:
        session.add_all(Caseload(**value) for value in values)
    publish(world, "2026-Q4")
    total = published(client, "2026-10/data.json")["subjects"]["health_service"]["total"]
    assert total["n"] is not None
    assert small(differences(client, "2026-10", "2026-Q4")) == {}
