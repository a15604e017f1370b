"""The product's own cell query, asked of an archive: translated for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import sqlglot
from sqlalchemy import Boolean, Dialect, Select, String, TableClause, column, func, select, table
from sqlalchemy.dialects import postgresql

from analysis.archive.manifest import Manifest
from analysis.country.question import CountryQuery
from analysis.figures.codebook import VALUES
from analysis.figures.rating_queries import one_if
from analysis.figures.store.cell_query import KEY, cell_query

VIEW = "ratings"
_READ: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
# How the archive's columns are called where the query is asked.
RENAMED = {"agency": "agency_id", "service": "service_id", "counter": "counter_id"}
MARKED = ("by_file", "beyond_capacity")
_ARCHIVED = ("subject", "month", *RENAMED, "respondent_kind", "day", "channel", "value", *MARKED)
COLUMNS = ("month", *KEY, *(f"rated_{value}" for value in VALUES))
SCHEMA = pa.schema([(name, pa.string() if name in ("month", *RENAMED.values()) else pa.int64()) for name in COLUMNS])
_TYPES = dict.fromkeys(RENAMED.values(), String()) | dict.fromkeys(MARKED, Boolean())


def received_before(question: CountryQuery, manifest: Manifest) -> int | None:
    """Seconds since 1970 before which a rating came that counts into a closed period; None: every one does."""
    closed_at = manifest.closings.get(question.period.code)
    return None if closed_at is None else int(closed_at.timestamp())


def view_columns() -> tuple[str, ...]:
    """The archive's columns under the names the queries know, for a SELECT; what came too late is not in the view."""
    return tuple(f"{name} AS {RENAMED.get(name, name)}" for name in _ARCHIVED)


def cell_sql(dialect: str, subject: str, further: Sequence[str] = ()) -> str:
    """The cells of a subject by month in an engine's SQL, over a view named `VIEW`; columns as in COLUMNS.

    Args:
        dialect: ``duckdb`` or ``spark``.
        subject: whose ratings.
        further: columns of the view by which the cells are told apart besides, first in each row.
    """
    ratings = _ratings(further)
    keys = tuple(ratings.c[name] for name in (*further, "month"))
    query = cell_query(ratings.c, "", keys).where(ratings.c.subject == subject)
    names = (*further, *COLUMNS)
    return _translated(
        query.with_only_columns(
            *(selected.label(name) for selected, name in zip(query.selected_columns, names, strict=True))
        ),
        dialect,
    )


def marked_sql(dialect: str, subject: str, further: Sequence[str] = ()) -> str:
    """How many ratings of a subject came from queue files and beyond what counters can serve, over the same view."""
    ratings = _ratings(further)
    keys = tuple(ratings.c[name] for name in further)
    counts = (func.coalesce(func.sum(one_if(ratings.c[name])), 0).label(name) for name in MARKED)
    return _translated(select(*keys, *counts).where(ratings.c.subject == subject).group_by(*keys), dialect)


def _ratings(further: Sequence[str]) -> TableClause:
    names = (*further, *(RENAMED.get(name, name) for name in _ARCHIVED))
    return table(VIEW, *(column(name, _TYPES.get(name)) for name in names))


def _translated(query: Select[Any], dialect: str) -> str:
    text = str(query.compile(dialect=_READ, compile_kwargs={"literal_binds": True}))
    (translated,) = sqlglot.transpile(text, read="postgres", write=dialect)
    return translated
