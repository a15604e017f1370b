"""The small world of tests/registry_files, here too, and people at its desks."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.registry_files.conftest import run_import, world
from tests.registry_files.files import Import, make_world
from tests.support.clocks import frozen_at
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

__all__ = ["run_import", "world"]

MORNING = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
database_url = stored_world("imported_world_of_november", make_world, "world", at=MORNING)
frozen_clock = frozen_at(MORNING)


@pytest.fixture
def administrator(app: Flask, world: Import) -> FlaskClient:
    """May change everything in Đắk Lắk."""
    return signed_in(app, "quan-tri", "administrator")


@pytest.fixture
def health_owner(app: Flask, world: Import) -> FlaskClient:
    """Sở Y tế: sees health in Đắk Lắk and enters its caseloads."""
    return signed_in(app, "so-y-te", "method_owner", sector="health")


@pytest.fixture
def officer(app: Flask, world: Import) -> FlaskClient:
    """Sees Đắk Lắk, changes nothing."""
    return signed_in(app, "can-bo", "officer")


@pytest.fixture
def stranger(app: Flask, world: Import) -> FlaskClient:
    """An administrator of another province."""
    return signed_in(app, "son-la", "administrator", province="son-la")
