"""A province out of its archive, as a database in memory: figures are made by the very code that makes them at home.

It holds the register, the caseloads and the kept counts. Ids are places in the archive's tables, which stand in the
order of the province's own: so rows are added up in the same order, and figures are equal to the last bit.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from flask import Flask
from sqlalchemy import Connection, Table, create_engine, insert
from sqlalchemy.pool import PoolProxiedConnection, StaticPool

import survey.accounts.models
import survey.devices.models  # noqa: F401 - every table a figure looks at must be there, if empty
from analysis.archive.manifest import Manifest
from analysis.country.question import CountryQuery
from analysis.figures.codebook import codebook
from analysis.figures.store.change_stamps import BORROW_MONTHS
from analysis.figures.store.models import RatingSums
from survey.foundation.clock import now
from survey.foundation.database import Base, db, init_database, writing
from survey.foundation.language import init_language
from survey.foundation.periods import Period, shift_month
from survey.foundation.settings import Settings
from survey.registry.models import Agency, AgencySuccession, Caseload, CaseloadMark, Province, Service
from survey.responses.models import RatingMark

Kept = Mapping[tuple[str, int], bytes]


@contextmanager
def province_database(
    manifest: Manifest, register: Mapping[str, pa.Table], question: CountryQuery, counts: Kept
) -> Iterator[None]:
    """An application context in which figures of this province can be asked for, of the question's subject and period.

    Args:
        manifest: of its archive.
        register: the tables beside the ratings.
        question: what will be asked.
        counts: what is kept of each (month, place of the agency from 1).
    """
    app = Flask("country")
    app.config["RELEASE_STEP"] = 0  # finished months are told whole
    settings = Settings(secret_key=secrets.token_hex(), database_url="sqlite://")
    app.extensions["settings"] = settings
    init_database(app, settings)
    init_language(app)
    with app.app_context():
        try:
            with closing(db.engine.raw_connection()) as connection:
                _driver(connection).deserialize(_empty())
            with writing() as session:
                for table, rows in _rows(manifest, register, question, counts):
                    if rows:
                        _store(session.connection(), table.__table__, rows)
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _rows(
    manifest: Manifest, register: Mapping[str, pa.Table], question: CountryQuery, counts: Kept
) -> Iterator[tuple[type[Base], list[dict[str, Any]]]]:
    # Whatever a process remembers it finds by these numbers: no two provinces may share one.
    province_id, stamps = secrets.randbelow(2**31), count(secrets.randbelow(2**52))
    place_of = {name: _places(register[name]) for name in ("agencies", "services")}
    yield Province, [{"id": province_id, "key": manifest.province, "name": manifest.name}]
    yield (
        Agency,
        [
            row | {"id": place, "province_id": province_id, "parent_id": place_of["agencies"].get(row.pop("parent"))}
            for place, row in _numbered(register["agencies"])
        ],
    )
    yield (
        AgencySuccession,
        [
            {
                "predecessor_id": place_of["agencies"][row["predecessor"]],
                "successor_id": place_of["agencies"][row["successor"]],
                "kind": row["kind"],
                "effective_on": row["effective_on"],
            }
            for row in register["successions"].to_pylist()
            if row["successor"] in place_of["agencies"]
        ],
    )
    yield Service, [row | {"id": place} for place, row in _numbered(register["services"])]
    caseloads = [
        row
        | {
            "id": place,
            "agency_id": place_of["agencies"][row.pop("agency")],
            "service_id": place_of["services"][row.pop("service")],
        }
        for place, row in _numbered(_weighing(register["caseloads"], question.period))
    ]
    yield Caseload, caseloads
    months = sorted({(row["agency_id"], row["month"]) for row in caseloads})
    yield CaseloadMark, [{"agency_id": a, "month": month, "stamp": next(stamps)} for a, month in months]
    marks = {
        place: {
            "province_id": province_id,
            "subject": question.subject,
            "month": place[0],
            "agency_id": place[1],
            "stamp": next(stamps),
        }
        for place in counts
    }
    instant = now()
    yield RatingMark, [mark | {"latest": instant} for mark in marks.values()]
    version = codebook().version
    yield RatingSums, [mark | {"codebook": version, "sums": counts[place]} for place, mark in marks.items()]


def _weighing(caseloads: pa.Table, period: Period) -> pa.Table:
    """Those of the months asked for, and of those before from which one without a caseload borrows."""
    first = shift_month(period.months[0], -BORROW_MONTHS)
    month = caseloads["month"]
    return caseloads.filter(pc.and_(pc.greater_equal(month, first), pc.less_equal(month, period.months[-1])))


def _numbered(table: pa.Table) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from enumerate(table.to_pylist(), start=1)


def _places(table: pa.Table) -> dict[str, int]:
    return {code: place for place, code in enumerate(table["code"].to_pylist(), start=1)}


@cache
def _empty() -> bytes:
    """A database with every table and no row: making them statement by statement costs as much as all the rest."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with closing(engine.raw_connection()) as connection:
        content = _driver(connection).serialize()
    engine.dispose()
    return content


def _driver(connection: PoolProxiedConnection) -> sqlite3.Connection:
    driver = connection.driver_connection
    assert isinstance(driver, sqlite3.Connection), "the database in memory is SQLite"
    return driver


def _store(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of one shape; where they name every column, past SQLAlchemy's look at each value."""
    if rows[0].keys() != set(table.columns.keys()):
        connection.execute(insert(table), rows)
        return
    dialect = connection.dialect
    statement = insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
    names = statement.positiontup or []
    columns = [[row[name] for row in rows] for name in names]
    for place, name in enumerate(names):
        if convert := table.columns[name].type.dialect_impl(dialect).bind_processor(dialect):
            columns[place] = [convert(value) for value in columns[place]]
    connection.exec_driver_sql(str(statement), list(zip(*columns, strict=True)))
