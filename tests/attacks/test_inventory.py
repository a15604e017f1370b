"""Whoever asks what is stored finds every table, with why and how long."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from survey.foundation.database import db

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


def test_every_table_stands_in_the_inventory(app: Flask) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in sorted(db.metadata.tables) if f"`{name}`" not in text] == []
