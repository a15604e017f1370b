"""An importer on an empty province, and one on a small world."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from tests.imports.files import Import, importer, make_world
from tests.support.worlds import stored_world

database_url = stored_world("imported_world", make_world, "world")


@pytest.fixture
def run_import(runner: FlaskCliRunner, tmp_path: Path) -> Import:
    """`run_import(kind, content, *options, name=…)` on a database with the provinces only."""
    return importer(runner, tmp_path)


@pytest.fixture
def world(run_import: Import) -> Import:
    """The same after agencies, services, counters and caseloads of tests.imports.files were imported."""
    return run_import
