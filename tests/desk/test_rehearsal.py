"""What a server asks itself before it is forked: shared by all its processes, and without a trace."""

from __future__ import annotations

import pytest
from flask import Flask
from prometheus_client import generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.pool import QueuePool

from survey.foundation.caching.weighted_lru import forget_everything, kept_by_all
from survey.foundation.server.metrics import process_registry
from survey.foundation.server.rehearsal import REHEARSALS, rehearse
from survey.foundation.storage.database import db, writing
from survey.responses.models import Response, Tally


def _stored() -> tuple[int, int]:
    session = db.session
    counts = session.execute(select(func.count(Response.id), select(func.sum(Tally.count)).scalar_subquery())).one()
    session.remove()
    return counts[0], counts[1]


def test_a_rehearsed_visit_and_overview_are_known_and_leave_no_trace(
    world: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with world.app_context():
        before = _stored()
    counted = generate_latest(process_registry)
    forget_everything()
    caplog.clear()
    rehearse(world)
    assert not caplog.records
    assert generate_latest(process_registry) == counted
    assert world.extensions["register"] is not None
    assert len(world.extensions["citizen_pages"].forms) == 1
    assert kept_by_all() > 10
    with world.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        assert pool.checkedin() == pool.checkedout() == 0
        assert _stored() == before


def test_a_database_older_than_the_program_is_left_alone(world: Flask) -> None:
    with world.app_context(), writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    forget_everything()
    rehearse(world)
    assert kept_by_all() == 0


def test_a_rehearsal_that_fails_is_told_and_hinders_nobody(world: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def stumble() -> None:
        raise ValueError("no such page")

    REHEARSALS.add(world, "stumble", stumble)
    rehearse(world)
    assert "no such page" in caplog.text
    assert world.test_client().get("/healthz").status_code == 200
