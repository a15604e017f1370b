"""Whoever counts, the cells are the same bytes and the provinces' figures the same to the last bit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import time_machine
from sqlalchemy import select

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.country.cell_queries import COLUMNS
from analysis.country.engines.embedded import Embedded, connected, count_cells
from analysis.country.engines.sent import read_answer, write_answer
from analysis.country.question import CountryQuery, ProvinceEstimates
from analysis.figures.register import fetch_province
from analysis.figures.store.cell_query import cell_query
from analysis.statistics.combine import combine
from analysis.statistics.domains import DomainEstimate
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Counter, Service
from survey.responses.models import Rating
from tests.archive.world import LATER, PROVINCES
from tests.country.asking import SUBJECT, all_at_once, at_home, digest, query, read
from tests.country.changes import change_everything
from tests.country.large import fill_large, settings
from tests.support.applications import application
from tests.support.databases import DatabaseFactory

YEAR, QUARTER = query("2026-H1", "service"), query("2026-Q2", "service")


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
    """As they came, and after late answers, a merger of agencies, an erasure and a closing."""
    said: dict[tuple[str, str], list[Any]] = {}
    for kind, databases in (("sqlite", sqlite_databases), ("postgresql", postgresql_databases)):
        with databases.filled("large_provinces", fill_large) as url, application(settings(url)) as app:
            for state in ("before", "after"):
                with time_machine.travel(LATER, tick=False), app.app_context():
                    if state == "after":
                        change_everything()
                    for key, answers in compare(tmp_path / kind / state).items():
                        said.setdefault((key, state), []).extend(answers)
    assert len(said) == 2 * len(PROVINCES)
    assert said["dak-lak", "before"] != said["dak-lak", "after"]
    for answers in said.values():
        assert len(answers) == 4
        assert all(answer == answers[0] for answer in answers)


def compare(place: Path) -> dict[str, list[Any]]:
    """What a database says of each province, and what DuckDB says of its archive: cells, the year and the quarter."""
    folder = ArchiveFolder(str(place))
    for province in PROVINCES:
        archive_province(folder, fetch_province(province.key))
    archives = read(folder, YEAR, place / "read")
    by_question = [Embedded().estimates(question, archives) for question in (YEAR, QUARTER)]
    said = {}
    for archived, *answers in zip(archives, *by_question, strict=True):
        assert sum(file.rows for file in archived.manifest.months.values()) > 50_000
        home = [at_home(archived.key, question)[""] for question in (YEAR, QUARTER)]
        away = [answer and answer.whole for answer in answers]
        with connected() as duckdb:
            cells, _marked = count_cells(duckdb, YEAR, archived)
        said[archived.key] = [(digest(cells_at_home(archived.key)), home), (digest(cells), away)]
    for at, question in enumerate((YEAR, QUARTER)):
        combine_as_at_once([answers[1][1][at] for answers in said.values()], question)
    return said


def combine_as_at_once(provinces: list[DomainEstimate], question: CountryQuery) -> None:
    """The country that is put together is the one that is estimated at once."""
    whole = combine(provinces, "")
    at_once = all_at_once([province.key for province in PROVINCES], question)
    assert (whole.n, whole.responses, whole.satisfied) == (at_once.n, at_once.responses, at_once.satisfied)
    assert whole.n > 100_000
    for name in ("estimate", "variance", "n_eff", "df_effective", "kappa", "sum_of_weights", "unweighted"):
        assert getattr(whole, name) == pytest.approx(getattr(at_once, name), rel=1e-13), name
    assert whole.exact_estimate == at_once.exact_estimate


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
