"""A country of three provinces, archived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from tests.archive.world import LATER, PROVINCES, make_small
from tests.support.worlds import stored_world

database_url = stored_world("three_provinces", make_small, "provinces", "archived", at=LATER)


@pytest.fixture
def provinces(database_url: str, app: Flask) -> Iterator[Flask]:
    with time_machine.travel(LATER, tick=False), app.app_context():
        yield app


@pytest.fixture
def archived(provinces: Flask, tmp_path: Path) -> ArchiveFolder:
    folder = ArchiveFolder(str(tmp_path / "archive"))
    for province in PROVINCES:
        archive_province(folder, fetch_province(province.key))
    return folder
