"""DuckDB, in this process: one province after the other, so memory is that of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from analysis.archive.manifest import ArchiveProblem
from analysis.archive.reading import ArchivedProvince
from analysis.country.cell_queries import SCHEMA, VIEW, cell_sql, marked_sql, received_before, view_columns
from analysis.country.engines import Answers, Engine
from analysis.country.province_job import answers_of_province
from analysis.country.question import CountryQuery

# Beyond so much memory DuckDB goes on in files; a province is counted in half a second, which threads only make dearer.
_CONFIG: Mapping[str, str | int] = {"memory_limit": "512MB", "threads": 1}


class Embedded(Engine):
    """The default engine."""

    def answers(self, questions: Sequence[CountryQuery], provinces: Iterable[ArchivedProvince]) -> Iterator[Answers]:
        """What each province answers, in their order."""
        with connected() as connection:
            for province in provinces:
                try:
                    cells, marked = count_cells(connection, questions[0], province)
                    yield answers_of_province(questions, province.manifest, province.register, cells, marked)
                except (ArchiveProblem, duckdb.Error) as problem:  # such as a file that is gone since it was looked at
                    raise ArchiveProblem(f"{province.key}: {problem}") from problem


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
