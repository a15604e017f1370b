"""A server has read what every page needs before it is forked, and nothing that few pages need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import SECRET_KEY

ROOT = Path(__file__).parents[2]
LOOK = """
import json, sys
from wsgi import app
from survey.responses.models import Response
print(json.dumps({
    "modules": sorted(sys.modules),
    "templates": [name for _loader, name in app.jinja_env.cache.keys()],
    "configured": Response.__mapper__.configured,
}))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a process holds once it could serve."""
    database = tmp_path_factory.mktemp("warm") / "answers.sqlite3"
    settings = {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": f"sqlite:///{database}"}
    told = subprocess.check_output([sys.executable, "-c", LOOK], cwd=ROOT, env={"PATH": os.environ["PATH"], **settings})
    assert not database.exists(), "a database that is not there yet is not made"
    loaded: dict[str, list[str]] = json.loads(told)
    return loaded


@pytest.mark.parametrize(
    "heavy",
    [
        *("alembic", "flask_migrate", "pyarrow", "duckdb", "openpyxl", "docx", "matplotlib", "typst"),
        *("scipy.linalg", "scipy.optimize", "scipy.sparse", "scipy.stats"),
    ],
)
def test_a_server_reads_no_library_before_its_use(started: dict[str, list[str]], heavy: str) -> None:
    assert heavy not in started["modules"]


def test_the_first_visitor_waits_for_no_template_model_or_library_of_figures(started: dict[str, list[str]]) -> None:
    every = {path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html")}
    assert every <= set(started["templates"])
    assert "scipy.special" in started["modules"]
    assert started["configured"]
