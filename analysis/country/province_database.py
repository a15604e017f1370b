"""A province out of its archive, as a database in memory: figures are made by the very code that makes them at home.

It holds the register and the caseloads; the counts come from whoever counted them. Ids are places in the archive's
tables, which stand in the order of the province's own: so rows are added up in the same order, and figures are equal to
the last bit.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
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
from analysis.figures.store.change_stamps import BORROW_MONTHS
from analysis.figures.store.counts import STORE, CountStore
from survey.foundation.caching.register import init_register
from survey.foundation.configuration.settings import Settings
from survey.foundation.languages.language import init_language
from survey.foundation.periods import Period, shift_month
from survey.foundation.storage.database import Base, db, init_database, writing
from survey.registry.models import Agency, AgencySuccession, Caseload, Province, Service


@contextmanager
def province_database(
    manifest: Manifest, register: Mapping[str, pa.Table], question: CountryQuery, counts: CountStore
) -> Iterator[None]:
    """An application context in which figures of this province can be asked for, of the question's subject and period.

    Args:
        manifest: of its archive.
        register: the tables beside the ratings.
        question: what will be asked.
        counts: of its ratings, agencies by their places in the register, from 1.
    """
    app = Flask("country")
    app.config["RELEASE_STEP"] = 0  # finished months are told whole
    settings = Settings(secret_key=secrets.token_hex(), database_url="sqlite://")
    app.extensions |= {"settings": settings, STORE: counts}
    init_database(app, settings)
    init_register(app)
    init_language(app)
    with app.app_context():
        try:
            with closing(db.engine.raw_connection()) as connection:
                _driver(connection).deserialize(_empty())
            with writing() as session:
                for table, columns in _columns(manifest, register, question.period):
                    _store(session.connection(), table.__table__, columns)
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _columns(
    manifest: Manifest, register: Mapping[str, pa.Table], period: Period
) -> Iterator[tuple[type[Base], dict[str, list[Any]]]]:
    # Whatever a process remembers it finds by this number: no two provinces may share one.
    province_id = secrets.randbelow(2**31)
    place_of = {name: _places(register[name]) for name in ("agencies", "services")}
    yield Province, {"id": [province_id], "key": [manifest.province], "name": [manifest.name]}
    agencies = _numbered(register["agencies"])
    parents = [place_of["agencies"].get(code) for code in agencies.pop("parent")]
    yield Agency, agencies | {"parent_id": parents, "province_id": [province_id] * len(parents)}
    successions = [row for row in register["successions"].to_pylist() if row["successor"] in place_of["agencies"]]
    yield (
        AgencySuccession,
        {
            "predecessor_id": [place_of["agencies"][row["predecessor"]] for row in successions],
            "successor_id": [place_of["agencies"][row["successor"]] for row in successions],
            "kind": [row["kind"] for row in successions],
            "effective_on": [row["effective_on"] for row in successions],
        },
    )
    yield Service, _numbered(register["services"])
    caseloads = _numbered(_weighing(register["caseloads"], period))
    for name, table in (("agency", "agencies"), ("service", "services")):
        caseloads[f"{name}_id"] = [place_of[table][code] for code in caseloads.pop(name)]
    yield Caseload, caseloads


def _weighing(caseloads: pa.Table, period: Period) -> pa.Table:
    """Those of the months asked for, and of those before from which one without a caseload borrows."""
    first = shift_month(period.months[0], -BORROW_MONTHS)
    month = caseloads["month"]
    return caseloads.filter(pc.and_(pc.greater_equal(month, first), pc.less_equal(month, period.months[-1])))


def _numbered(table: pa.Table) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = table.to_pydict()
    return columns | {"id": list(range(1, len(table) + 1))}


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


def _store(connection: Connection, table: Table, columns: Mapping[str, list[Any]]) -> None:
    """Rows by their columns; where they name all that a table has, past SQLAlchemy's look at each value."""
    rows = list(zip(*columns.values(), strict=True))
    if not rows:
        return
    if columns.keys() != set(table.columns.keys()):
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    dialect = connection.dialect
    statement = insert(table).compile(dialect=dialect, column_keys=list(columns))
    names = statement.positiontup or []
    bound = []
    for name in names:
        convert = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        bound.append([convert(value) for value in columns[name]] if convert else columns[name])
    connection.exec_driver_sql(str(statement), list(zip(*bound, strict=True)))
