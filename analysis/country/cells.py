"""The product's own cell query, asked of an archive: translated for the engine, its rows read as kept counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlglot
from sqlalchemy import Dialect, String, and_, column, literal, table
from sqlalchemy.dialects import postgresql

from analysis.figures.codebook import VALUES
from analysis.figures.store.cell_query import KEY, cell_query, records_by_agency
from analysis.statistics.grouping import Ints

VIEW = "ratings"
_READ: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
# How the archive's columns are called where the query is asked.
RENAMED = {"agency": "agency_id", "service": "service_id", "counter": "counter_id"}
COLUMNS = ("month", *KEY, *(f"rated_{value}" for value in VALUES))
SCHEMA = pa.schema([(name, pa.string() if name in ("month", *RENAMED.values()) else pa.int64()) for name in COLUMNS])
_ALL = ("subject", "month", *KEY, "value", "received_at")


def cell_sql(dialect: str, subject: str, closed_at: dt.datetime | None, further: Sequence[str] = ()) -> str:
    """The cells of a subject by month in an engine's SQL, over a view named `VIEW`; columns as in COLUMNS.

    Args:
        dialect: ``duckdb`` or ``spark``.
        subject: whose ratings.
        closed_at: a closed period holds what was received before that; None: everything.
        further: columns of the view by which the cells are told apart besides, first in each row.
    """
    ratings = table(VIEW, *(column(name, String() if name in RENAMED.values() else None) for name in (*further, *_ALL)))
    keys = tuple(ratings.c[name] for name in (*further, "month"))
    conditions = [ratings.c.subject == subject]
    if closed_at is not None:
        conditions.append(ratings.c.received_at < literal(int(closed_at.timestamp())))
    query = cell_query(ratings.c, "", keys).where(and_(*conditions))
    names = (*further, *COLUMNS)
    query = query.with_only_columns(
        *(selected.label(name) for selected, name in zip(query.selected_columns, names, strict=True))
    )
    text = str(query.compile(dialect=_READ, compile_kwargs={"literal_binds": True}))
    (translated,) = sqlglot.transpile(text, read="postgres", write=dialect)
    return translated


def view_columns() -> str:
    """The archive's columns under the names the query knows, for a SELECT."""
    return ", ".join(f"{name} AS {RENAMED[name]}" for name in RENAMED) + (
        ", subject, month, respondent_kind, day, channel, value, received_at"
    )


def kept_counts(cells: pa.Table, register: Mapping[str, pa.Table]) -> dict[tuple[str, int], bytes]:
    """What is kept of each (month, agency): cells as an engine gives them, codes as places in the register, from 1."""
    months = cells["month"].dictionary_encode().unify_dictionaries().combine_chunks()
    columns = {
        "agency_id": _places(cells["agency_id"], register["agencies"]),
        "service_id": _places(cells["service_id"], register["services"]),
        "counter_id": _places(cells["counter_id"], register["counters"]),
    }
    numbers = [columns[name] if name in columns else _whole(cells[name]) for name in COLUMNS if name != "month"]
    rows: Ints = np.stack(numbers, axis=1) if len(cells) else np.zeros((0, len(numbers)), dtype=np.int64)
    place = _indices(months)
    return {
        (month, agency): records
        for at, month in enumerate(months.dictionary.to_pylist())
        for agency, records in records_by_agency(rows[place == at]).items()
    }


def _whole(numbers: pa.ChunkedArray) -> Ints:
    return np.asarray(numbers.to_numpy(), dtype=np.int64)


def _places(codes: pa.ChunkedArray, known: pa.Table) -> Ints:
    """1 and up; 0 for ''. A code that the register lacks cannot be: both were written from one state."""
    index = pc.index_in(codes, value_set=known["code"])
    return np.asarray(pc.fill_null(index, -1).to_numpy(), dtype=np.int64) + 1


def _indices(encoded: pa.DictionaryArray) -> Ints:
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
