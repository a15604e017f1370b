"""Whoever counts, the cells are the same bytes and the provinces' figures the same to the last bit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.country.cells import COLUMNS
from analysis.country.engines.embedded import Embedded, count_cells
from analysis.country.engines.sent import read_answer, write_answer
from analysis.country.question import ProvinceEstimates
from analysis.figures.register import fetch_province
from analysis.figures.store.cell_query import cell_query
from survey.foundation.database import db
from survey.foundation.settings import Settings
from survey.registry.models import Agency, Counter, Service
from survey.responses.models import Rating
from tests.archive.world import LATER, PROVINCES, make_large
from tests.country.asking import SUBJECT, at_home, digest, query, read
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory

YEAR = query("2026-H1", "service")


def cells_at_home(key: str) -> pa.Table:
    """The cells of a province as its own database counts them, under codes."""
    codes = {
        name: {0: ""} | {id_: code for id_, code in db.session.execute(select(model.id, model.code))}  # noqa: C416
        for name, model in (("agency_id", Agency), ("service_id", Service), ("counter_id", Counter))
    }
    asked = cell_query(Rating, further=(Rating.month,)).where(
        Rating.province_id == fetch_province(key).id, Rating.subject == SUBJECT
    )
    rows = [
        [codes[name][value] if name in codes else value for name, value in zip(COLUMNS, row, strict=True)]
        for row in db.session.execute(asked)
    ]
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)})


def test_two_hundred_thousand_ratings_are_the_same_cells_in_every_engine(
    sqlite_databases: DatabaseFactory, postgresql_databases: DatabaseFactory, tmp_path: Path
) -> None:
    digests: dict[str, set[str]] = {province.key: set() for province in PROVINCES}
    estimates: dict[str, list[object]] = {province.key: [] for province in PROVINCES}
    for kind, databases in (("sqlite", sqlite_databases), ("postgresql", postgresql_databases)):
        with databases.filled("large_provinces", fill_large) as url, application(settings(url)) as app:
            compare(app, tmp_path / kind, digests, estimates)
    assert {key: len(seen) for key, seen in digests.items()} == dict.fromkeys(digests, 1)
    for answers in estimates.values():
        assert len(answers) == 4
        assert all(answer == answers[0] for answer in answers)


def compare(app: Flask, place: Path, digests: dict[str, set[str]], estimates: dict[str, list[object]]) -> None:
    """What a database says of each province, and what DuckDB says of its archive."""
    folder = ArchiveFolder(str(place))
    with time_machine.travel(LATER, tick=False), app.app_context():
        for province in PROVINCES:
            archive_province(folder, fetch_province(province.key))
            digests[province.key].add(digest(cells_at_home(province.key)))
            estimates[province.key].append(at_home(province.key, YEAR)[""])
        archives = read(folder, YEAR, place / "read")
        for archived, answer in zip(archives, Embedded().estimates(YEAR, archives), strict=True):
            assert answer is not None
            assert sum(file.rows for file in archived.manifest.months.values()) > 50_000
            digests[archived.key].add(digest(count_cells(YEAR, archived)[0]))
            estimates[archived.key].append(answer.whole)


def settings(url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)


def fill_large(url: str) -> None:
    with time_machine.travel(LATER, tick=False), application(settings(url)) as app:
        make_large(app)


def test_an_answer_comes_as_it_was_sent_with_its_exact_shares(archived: ArchiveFolder, tmp_path: Path) -> None:
    question = query("2026-H1", "service")
    answers = list(Embedded().estimates(question, read(archived, question, tmp_path)))
    arrived = [read_answer(write_answer(answer)) for answer in (*answers, None)]
    assert arrived == [*answers, None]
    shares = [exact_shares(answer) for answer in answers]
    assert any(share is not None for share in shares[0])
    assert [exact_shares(answer) for answer in arrived[:-1]] == shares


def exact_shares(answer: ProvinceEstimates | None) -> list[Fraction | None]:
    assert answer is not None
    return [domain.exact_estimate for domain in (answer.whole, *answer.domains.values())]


@pytest.mark.parametrize("period", ["2026-05", "2026-H1"])
def test_spark_says_what_duckdb_says(archived: ArchiveFolder, tmp_path: Path, period: str) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    from analysis.country.engines.spark import Spark

    question = query(period, "service")
    provinces = read(archived, question, tmp_path)
    assert list(Spark("local[2]").estimates(question, provinces)) == list(Embedded().estimates(question, provinces))
