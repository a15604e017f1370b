"""Statements are compiled once per process and kind of database, not once per application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

if TYPE_CHECKING:
    from sqlalchemy import Engine

_COMPILED: LRUCache[Any, Any] = LRUCache(4000)


def share_statements(engine: Engine) -> None:
    """Let an engine use what engines of this process before it have compiled."""
    engine._compiled_cache = _COMPILED


def _hash(dialect: DefaultDialect) -> int:
    return hash(type(dialect))


def _equal(dialect: DefaultDialect, other: object) -> bool:
    return type(dialect) is type(other)


# What is compiled is kept by its dialect, of which each engine has its own. Within a process all of one kind speak to
# the same server or library with the same settings, so what suits one suits all.
DefaultDialect.__hash__ = _hash
DefaultDialect.__eq__ = _equal
