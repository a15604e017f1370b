"""DuckDB, in this process: one province after the other, so memory is that of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from analysis.archive.reading import ArchivedProvince
from analysis.country.cell_queries import SCHEMA, VIEW, cell_sql, marked_sql, received_before, view_columns
from analysis.country.province_job import estimate_province
from analysis.country.question import CountryQuery, ProvinceEstimates

_MEMORY = "512MB"  # beyond it DuckDB goes on in files


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
    if not province.ratings:
        return SCHEMA.empty_table(), (0, 0)
    before = received_before(question, province.manifest)
    with duckdb.connect(config={"memory_limit": _MEMORY}) as connection:
        connection.execute("SET enable_progress_bar = false")
        ratings = connection.read_parquet([str(path) for path in province.ratings])
        if before is not None:
            ratings = ratings.filter(f"received_at < {before}")
        ratings.project(", ".join(view_columns())).create_view(VIEW)
        cells = connection.sql(cell_sql("duckdb", question.subject)).to_arrow_table()
        ((by_file, beyond),) = connection.sql(marked_sql("duckdb", question.subject)).fetchall()
    return cells, (int(by_file), int(beyond))
