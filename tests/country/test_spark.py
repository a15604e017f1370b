"""Spark counts the same cells and gives the same figures as DuckDB and the databases: here and on a cluster of two.

`make test-spark` runs these; elsewhere they are skipped, for PySpark is half a gigabyte.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest
import time_machine

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.country.cell_queries import COLUMNS, cell_sql
from analysis.country.engines.embedded import Embedded, connected, count_cells
from analysis.country.engines.spark import PROVINCE, Spark, see_ratings, spark_session
from analysis.figures.register import fetch_province
from benchmarks.spark_cluster import environment, standalone
from survey.foundation.configuration.settings import ROOT
from tests.archive.world import LATER, PROVINCES
from tests.country.asking import SUBJECT, at_home, digest, query, read
from tests.country.changes import change_everything
from tests.country.large import fill_large, settings
from tests.support.applications import application
from tests.support.databases import DatabaseFactory

pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")


@pytest.fixture
def of_spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of Spark's processes, also of those that this one starts."""
    told = environment(tmp_path)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


@pytest.fixture
def large(sqlite_databases: DatabaseFactory, tmp_path: Path) -> Iterator[ArchiveFolder]:
    """200,000 ratings in the database and archived, after late answers, a merger, an erasure and a closing."""
    folder = ArchiveFolder(str(tmp_path / "archive"))
    with (
        sqlite_databases.filled("large_provinces", fill_large) as url,
        application(settings(url)) as app,
        time_machine.travel(LATER, tick=False),
        app.app_context(),
    ):
        change_everything()
        for province in PROVINCES:
            archive_province(folder, fetch_province(province.key))
        yield folder


def test_a_cluster_of_two_workers_says_what_duckdb_and_the_database_say(
    large: ArchiveFolder, tmp_path: Path, of_spark: dict[str, str]
) -> None:
    question = query("2026-Q2", "service")
    provinces = read(large, question, tmp_path)
    with standalone(tmp_path, of_spark) as master:
        answers = list(Spark(master).estimates(question, provinces))
        with spark_session(master) as session:
            see_ratings(session, question, provinces)
            cells = session.sql(cell_sql("spark", SUBJECT, (PROVINCE,))).toArrow()
    assert answers == list(Embedded().estimates(question, provinces))
    for province, answer in zip(provinces, answers, strict=True):
        assert answer is not None
        assert answer.whole == at_home(province.key, question)[""]
        of_province = cells.filter(pc.equal(cells[PROVINCE], province.key)).select(COLUMNS)
        with connected() as duckdb:
            assert digest(of_province) == digest(count_cells(duckdb, question, province)[0])


def test_the_command_prints_the_same_with_spark_whose_standard_input_is_closed(
    large: ArchiveFolder, of_spark: dict[str, str]
) -> None:
    asked = ["--archive", large.place, "--subject", SUBJECT, "--period", "2026-H1", "--by", "area"]
    by_engine = [said(*asked, "--engine", engine) for engine in ("duckdb", "spark")]
    assert by_engine[0]["country"]["n"] > 1_000
    assert by_engine[0] == by_engine[1]


def said(*options: str) -> dict[str, object]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "analysis", "country", *options]
    around = os.environ | {"DATABASE_URL": "sqlite://", "SECRET_KEY": "x" * 40}
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *command], cwd=ROOT, env=around, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    values = json.loads(done.stdout)
    assert isinstance(values, dict)
    return values
