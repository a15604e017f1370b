"""Whatever signs stand in every text that is kept, every page, file and document is made, on both databases."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Column, String, select, update
from sqlalchemy.orm import Session

from survey.foundation.storage.database import db, writing
from tests.guards.requests import everything
from tests.support.fuzz_places import place_to_fuzz
from tests.support.staff import client_of, make_user

SIGNS = " \uf0b7 ✓ 😀 👩‍⚕️ سلام μ Ê Đê Họ̣p \u202exyz 𝐀 你好 ឋ ½ ﬀ \ufdd3 #{*_$<&>\\\"'` --"


def signed(value: Any) -> Any:
    """A value with the signs behind every text in it that people read: words, no codes."""
    if isinstance(value, str):
        return value + SIGNS if " " in value or not value.isascii() else value
    if isinstance(value, list):
        return [signed(part) for part in value]
    if isinstance(value, dict):
        return {name: signed(part) for name, part in value.items()}
    return value


def sign(session: Session, column: Column[Any]) -> int:
    """Sign every text of a column; how many there were."""
    table, length = column.table, getattr(column.type, "length", None)
    texts = session.execute(select(*table.primary_key.columns, column).where(column.is_not(None))).all()
    changed = 0
    for *key, value in texts:
        after = signed(value)
        if after == value or (isinstance(after, str) and length and len(after) > length):
            continue
        at = [part == was for part, was in zip(table.primary_key.columns, key, strict=True)]
        session.execute(update(table).where(*at).values({column: after}))
        changed += 1
    return changed


def sign_everything(app: Flask) -> set[str]:
    """Sign all texts; the columns that had any."""
    with app.app_context(), writing() as session:
        columns = [
            column
            for table in db.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, String | JSON) or "JSON" in str(column.type)
            if table.name != "audit_entries" and not column.primary_key and not column.foreign_keys
        ]
        return {f"{column.table.name}.{column.name}" for column in columns if sign(session, column)}


def test_everything_is_shown_whatever_signs_stand_in_every_text(demonstration_on_each: Flask) -> None:
    app = demonstration_on_each
    place = place_to_fuzz(app)
    client = client_of(app, make_user(app, "doc-dau-la", "administrator"))
    columns = sign_everything(app)
    assert len(columns) > 30, columns
    wrong = {}
    for call in everything(app, place):
        if call.method == "GET":
            answer = client.get(call.path)
            if answer.status_code >= 500:
                wrong[call.path] = answer.status_code
    assert wrong == {}, json.dumps(wrong, indent=1)
