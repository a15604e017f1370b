"""Stored records as the very file an import takes: importing it again changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from survey.foundation.tables.csv_output import csv_text
from survey.registry.files.records import RecordKind


def export_lines(session: Session, kind: RecordKind) -> Iterator[str]:
    """The lines of the CSV file, in the order of the keys."""
    names = [column.name for column in kind.columns]
    records = sorted(kind.fetch_all(session).items(), key=lambda item: tuple(map(str, item[0])))
    return csv_text(names, ([_text(record.values[name]) for name in names] for _key, record in records))


def _text(value: Any) -> object:
    if isinstance(value, tuple):
        return " ".join(value)
    return value.isoformat() if isinstance(value, dt.date) else value
