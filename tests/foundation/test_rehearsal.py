"""What a server asks itself before it is forked: shared by all its processes, and without a trace."""

from __future__ import annotations

import pytest
from flask import Flask
from prometheus_client import generate_latest
from sqlalchemy import func, select

from survey.foundation.database import db
from survey.foundation.metrics import process_registry
from survey.foundation.rehearsal import rehearse
from survey.responses.models import Response


def test_it_stores_counts_and_leaves_nothing(small_world: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    with small_world.app_context():
        before = db.session.scalar(select(func.count()).select_from(Response))
        db.session.remove()
    counted = generate_latest(process_registry)
    capfd.readouterr()
    rehearse(small_world)
    assert capfd.readouterr() == ("", "")
    assert generate_latest(process_registry) == counted
    with small_world.app_context():
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]  # of every pool we use
        assert db.session.scalar(select(func.count()).select_from(Response)) == before
