"""The log says what failed, and nothing of what was to be stored."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.foundation.database import writing
from survey.foundation.logs import JsonLines

COMMENT = "Cán bộ tên Hoa ở quầy 3\nđòi thêm tiền"
REFUSED = {
    "a value twice": "INSERT INTO facts (key, value) VALUES (:words, '1'), (:words, '1')",
    "a value missing": "INSERT INTO facts (key, value) VALUES (:words, NULL)",
    "a column that is not there": "INSERT INTO facts (key, worth) VALUES (:words, '1')",
    "a table that is not there": "UPDATE fakts SET value = :words",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_statement_that_is_refused_is_logged_without_what_it_brought(app: Flask, statement: str) -> None:
    with app.app_context(), pytest.raises(DBAPIError) as refused, writing() as session:
        session.execute(text(statement), {"words": COMMENT})
    record = logging.LogRecord("hai_long", logging.ERROR, __file__, 1, "unexpected error", (), None)
    record.exc_info = (refused.type, refused.value, refused.tb)
    line = JsonLines().format(record)
    assert refused.type.__name__ in line
    assert [word for word in ("Hoa", "quầy", "tiền") if word in line] == []
