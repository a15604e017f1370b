"""A country of three provinces: archived, and a ministry's installation that knows where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from analysis.results.closing.service import close_period
from survey.foundation.periods import Period
from tests.archive.world import LATER, PROVINCES, make_small
from tests.national.holders import holder
from tests.support.worlds import stored_world

QUARTER = "2026-Q2"

database_url = stored_world("three_provinces", make_small, "ministry", at=LATER)


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(str(tmp_path / "archive"))


@pytest.fixture
def ministry(database_url: str, app: Flask, archive: ArchiveFolder) -> Iterator[Flask]:
    """Three provinces have closed the quarter and archived it; here they share a database with the ministry."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.but(
        country_archive=archive.place, country_targets=("health_service>=75",), organisation="Bộ Nội vụ"
    )
    with time_machine.travel(LATER, tick=False):
        with app.app_context():
            for province in PROVINCES:
                close_period(province.key, Period.parse(QUARTER))
                archive_province(archive, fetch_province(province.key))
        yield app


@pytest.fixture
def owner(ministry: Flask) -> FlaskClient:
    """Somebody who may publish the country's figures."""
    return holder(ministry, "vu-truong", "method_owner")
