"""An importer on an empty province, and one on a small world."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy

from tests.registry_files.files import AssertRefused, Import, everything, importer, make_world
from tests.support.worlds import stored_world

database_url = stored_world("imported_world", make_world, "world")


@pytest.fixture
def run_import(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """`run_import(kind, content, *options, name=…)` on a database with the provinces only."""
    return importer(runner, tmp_path)


@pytest.fixture
def world(run_import: Import) -> Import:
    """The same after agencies, services, counters and caseloads of tests.registry_files.files were imported."""
    return run_import


@pytest.fixture
def refused(database: SQLAlchemy, world: Import, subtests: pytest.Subtests) -> AssertRefused:
    """`refused([(kind, content, message), …])`: each file is refused with its message and changes nothing at all."""

    def check(files: Iterable[tuple[str, str, str]]) -> None:
        before = everything(database)
        for kind, content, message in files:
            with subtests.test(message, kind=kind):
                result = world(kind, content)
                assert result.exit_code == 2
                assert message in result.stderr
                assert everything(database) == before

    return check
