"""A connection keeps little of the database in memory: a server has many, and each would keep its own."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.foundation.storage.database import db

pytestmark = pytest.mark.one_database
MOST = 1024  # KiB


def test_a_connection_keeps_a_megabyte_and_maps_nothing(app: Flask) -> None:
    with app.app_context():
        connection = db.session.connection()
        if connection.dialect.name != "sqlite":
            pytest.skip("of SQLite")
        kept, mapped = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("cache_size", "mmap_size")
        )
    assert (kept, mapped) == (-MOST, 0)


def test_the_connection_given_back_last_is_taken_first(app: Flask) -> None:
    with app.app_context():
        with db.engine.connect() as outer:
            last = outer.connection.dbapi_connection
            with db.engine.connect() as inner:
                assert inner.connection.dbapi_connection is not last
        for _time in range(3):
            with db.engine.connect() as connection:
                assert connection.connection.dbapi_connection is last
