"""DuckDB, in this process: one province after the other, so memory is that of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from analysis.archive.reading import ArchivedProvince
from analysis.country.cells import SCHEMA, VIEW, cell_sql, view_columns
from analysis.country.province_job import estimate_province
from analysis.country.question import CountryQuery, ProvinceEstimates

_NEVER = 2**62  # seconds


class Embedded:
    """The default engine."""

    def estimates(
        self, question: CountryQuery, provinces: Iterable[ArchivedProvince]
    ) -> Iterator[ProvinceEstimates | None]:
        """The answers of the provinces, in their order."""
        for province in provinces:
            cells, marked = count_cells(question, province)
            yield estimate_province(question, province.manifest, province.register, cells, marked)


def count_cells(question: CountryQuery, province: ArchivedProvince) -> tuple[pa.Table, tuple[int, int]]:
    """A province's cells with columns as SCHEMA, and its ratings from queue files and beyond capacity."""
    closed_at = province.manifest.closings.get(question.period.code)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        if not province.ratings:
            return SCHEMA.empty_table(), (0, 0)
        names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in province.ratings)
        connection.execute(
            f"CREATE VIEW {VIEW} AS SELECT {view_columns()}, by_file, beyond_capacity FROM read_parquet([{names}])"
        )
        cells = connection.sql(cell_sql("duckdb", question.subject, closed_at)).to_arrow_table()
        marks = "count(*) FILTER (by_file), count(*) FILTER (beyond_capacity)"
        before = int(closed_at.timestamp()) if closed_at else _NEVER
        query = f"SELECT {marks} FROM {VIEW} WHERE subject = ? AND received_at < ?"
        row = connection.execute(query, [question.subject, before]).fetchone()
    assert row is not None
    return cells, (int(row[0]), int(row[1]))
