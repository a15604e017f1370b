"""A connection keeps little of SQLite's file in memory: a server has many, and each would keep its own."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.foundation.database import db

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
