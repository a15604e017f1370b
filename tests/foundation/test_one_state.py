"""Who reads sees one state of the database throughout, whatever others store meanwhile; who writes sees the newest."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import create_engine, text

from survey.foundation.storage.database import db, writing

RENAME = "UPDATE provinces SET name = name || ' (mới)' WHERE key = 'dak-lak'"
NAME = text("SELECT name FROM provinces WHERE key = 'dak-lak'")


def test_a_reader_sees_one_state_and_a_writer_the_newest(app: Flask) -> None:
    with app.app_context():
        other = create_engine(db.engine.url)
        before = db.session.scalar(NAME)
        with other.begin() as connection:
            connection.execute(text(RENAME))
        assert db.session.scalar(NAME) == before
        with writing() as session:
            assert session.scalar(NAME) == f"{before} (mới)"
            if db.engine.dialect.name == "postgresql":  # SQLite's other writers wait for this one
                with other.begin() as connection:
                    connection.execute(text(RENAME))
                assert session.scalar(NAME) == f"{before} (mới) (mới)"
        assert re.search("mới", db.session.scalar(NAME) or "")
        other.dispose()
