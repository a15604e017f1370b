"""The few kinds of values a backup holds: how each is named, written as JSON, and stored again on either database."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from survey.foundation.storage.database import Instant


@dataclass(frozen=True)
class ColumnType:
    """A kind of value; `write` makes a JSON value of it and `read` undoes that. Neither meets None."""

    name: str
    stored_as: TypeEngine[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


# A JSON column holds None only as SQL's NULL, so that both databases answer IS NULL alike.
_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

# The first one that fits counts: Instant and Boolean are special cases of later ones.
_KINDS: tuple[tuple[type[TypeEngine[Any]], ColumnType], ...] = (
    (Instant, ColumnType("instant", Instant(), dt.datetime.isoformat, dt.datetime.fromisoformat)),
    (sa.Date, ColumnType("date", sa.Date(), dt.date.isoformat, dt.date.fromisoformat)),
    (sa.Uuid, ColumnType("uuid", sa.Uuid(), str, uuid.UUID)),
    (sa.JSON, ColumnType("json", _JSON, _same, _same)),
    (sa.Boolean, ColumnType("boolean", sa.Boolean(), _same, _same)),
    (sa.Integer, ColumnType("integer", sa.BigInteger(), _same, _same)),
    (sa.Float, ColumnType("float", sa.Float(), _same, _same)),
    (sa.String, ColumnType("text", sa.Text(), _same, _same)),
    (
        sa.LargeBinary,
        ColumnType("bytes", sa.LargeBinary(), lambda value: base64.b64encode(value).decode(), base64.b64decode),
    ),
)
BY_NAME = {kind.name: kind for _type, kind in _KINDS}


def column_type(type_: TypeEngine[Any]) -> ColumnType:
    """The kind of value a column of the models holds.

    Raises:
        TypeError: a model uses a type that backups do not know yet; add it above.
    """
    for known, kind in _KINDS:
        if isinstance(type_, known):
            return kind
    raise TypeError(f"backups cannot hold a column of type {type_!r}")
