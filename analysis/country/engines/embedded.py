"""DuckDB, in this process: one province after the other, so memory is that of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from analysis.archive.reading import ArchivedProvince
from analysis.country.cell_queries import SCHEMA, VIEW, cell_sql, marked_sql, received_before, view_columns
from analysis.country.province_job import estimate_province
from analysis.country.question import CountryQuery, ProvinceEstimates

# Beyond so much memory DuckDB goes on in files; a province is counted in half a second, which threads only make dearer.
_CONFIG: Mapping[str, str | int] = {"memory_limit": "512MB", "threads": 1}


class Embedded:
    """The default engine."""

    def estimates(
        self, question: CountryQuery, provinces: Iterable[ArchivedProvince]
    ) -> Iterator[ProvinceEstimates | None]:
        """The answers of the provinces, in their order."""
        with connected() as connection:
            for province in provinces:
                cells, marked = count_cells(connection, question, province)
                yield estimate_province(question, province.manifest, province.register, cells, marked)


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB without a file of its own."""
    with duckdb.connect(config={**_CONFIG}) as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection


def count_cells(
    connection: duckdb.DuckDBPyConnection, question: CountryQuery, province: ArchivedProvince
) -> tuple[pa.Table, tuple[int, int]]:
    """A province's cells with columns as SCHEMA, and its ratings from queue files and beyond capacity."""
    if not province.ratings:
        return SCHEMA.empty_table(), (0, 0)
    before = received_before(question, province.manifest)
    ratings = connection.read_parquet([str(path) for path in province.ratings])
    if before is not None:
        ratings = ratings.filter(f"received_at < {before}")
    ratings.project(", ".join(view_columns())).create_view(VIEW)
    cells = connection.sql(cell_sql("duckdb", question.subject)).to_arrow_table()
    ((by_file, beyond),) = connection.sql(marked_sql("duckdb", question.subject)).fetchall()
    return cells, (int(by_file), int(beyond))
