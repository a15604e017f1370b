"""The world of these tests, some weeks after its last month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from analysis.archive.files import ArchiveFolder
from tests.archive.world import LATER, make_small
from tests.support.worlds import stored_world

database_url = stored_world("three_provinces", make_small, "provinces", at=LATER)


@pytest.fixture
def provinces(database_url: str, app: Flask) -> Iterator[Flask]:
    with time_machine.travel(LATER, tick=False), app.app_context():
        yield app


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(str(tmp_path / "archive"))
