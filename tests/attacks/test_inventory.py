"""Whoever asks what is stored finds every table, with why and how long, and every column that could name a person."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import Boolean, Column, Date, Float, Integer, Numeric

from survey.foundation.storage.database import Instant, db

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
NO_PERSON = "no person"  # so the inventory says of tables that need no second look
BARE = (Integer, Boolean, Date, Float, Numeric, Instant)


def inventory() -> str:
    return PAGE.read_text(encoding="utf-8").partition("## What is stored")[2].partition("## What is left")[0]


def tables() -> list[str]:
    """The items of the inventory, each with what is said of some tables."""
    return re.split(r"^- ", inventory().partition("### By column")[0], flags=re.MULTILINE)[1:]


def test_every_table_stands_in_the_inventory(app: Flask) -> None:
    text = inventory()
    assert [name for name in sorted(db.metadata.tables) if f"`{name}`" not in text] == []


def test_every_row_of_the_inventory_says_why_who_and_how_long() -> None:
    said = {row: re.findall(r"^  - (.+?): .", row, re.MULTILINE) for row in tables()}
    assert len(said) > 10
    assert {row: names for row, names in said.items() if names != ["what and why", "who sees it", "kept"]} == {}


def test_every_column_that_could_hold_a_person_stands_in_its_class_and_no_column_that_is_gone(app: Flask) -> None:
    by_column = inventory().partition("### By column")[2]
    named = set(re.findall(r"`(\w+\.\w+)`", by_column))
    without = {name for row in tables() if NO_PERSON in " ".join(row.split()) for name in re.findall(r"`(\w+)`", row)}
    there = {f"{table.name}.{column.name}": column for table in db.metadata.sorted_tables for column in table.columns}
    wanted = {name for name, column in there.items() if name.partition(".")[0] not in without and _tells(column)}
    assert sorted(wanted - named) == [], "say in docs/security.md, By column, what these hold"
    assert sorted(named - there.keys()) == [], "these are gone"


def _tells(column: Column[object]) -> bool:
    """Whether a column is more than a key, a count, a yes or no, a day or an instant."""
    if column.foreign_keys:
        return any(key.column.table.name == "users" for key in column.foreign_keys)
    return not column.primary_key and not isinstance(column.type, BARE)
