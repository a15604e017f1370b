"""Spark, on a cluster: it counts every province at once, and the product's own Python estimates inside its executors.

One row comes back for each province. PySpark is an extra (version 4, Java 17); executors need this program
on their path and the archive where the driver sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any

import pyarrow as pa

from analysis.archive.reading import ArchivedProvince
from analysis.country.cells import SCHEMA, VIEW, cell_sql, view_columns
from analysis.country.engines.sent import read_answer, write_answer
from analysis.country.province_job import estimate_province
from analysis.country.question import CountryQuery, ProvinceEstimates

_ANSWER = "province string, answer string"


class Spark:
    """The distributed engine. `master` as Spark names it: ``local[2]``, ``spark://host:7077``."""

    def __init__(self, master: str) -> None:
        self.master = master

    def estimates(
        self, question: CountryQuery, provinces: Iterable[ArchivedProvince]
    ) -> Iterator[ProvinceEstimates | None]:
        """The answers of the provinces, in their order."""
        from pyspark.sql import SparkSession

        asked = list(provinces)
        session = SparkSession.builder.master(self.master).appName("hai-long country").getOrCreate()
        try:
            answers = self._answers(session, question, asked)
        finally:
            session.stop()
        for province in asked:
            yield answers.get(province.key)

    def _answers(
        self, session: Any, question: CountryQuery, provinces: list[ArchivedProvince]
    ) -> dict[str, ProvinceEstimates | None]:
        counted = [self._cells(session, question, province) for province in provinces if province.ratings]
        if not counted:
            return {}
        job = _job(question, {province.key: province for province in provinces})
        rows = (
            reduce(lambda left, right: left.unionByName(right), counted).groupBy("province").applyInArrow(job, _ANSWER)
        )
        return {row["province"]: read_answer(row["answer"]) for row in rows.collect()}

    def _cells(self, session: Any, question: CountryQuery, province: ArchivedProvince) -> Any:
        """A province's cells as a data frame that names it."""
        closed_at = province.manifest.closings.get(question.period.code)
        view = f"{VIEW}_{province.key.replace('-', '_')}"
        paths = [str(path) for path in province.ratings]
        session.read.parquet(*paths).selectExpr(*view_columns().split(", ")).createOrReplaceTempView(view)
        query = cell_sql("spark", question.subject, closed_at).replace(f"FROM {VIEW}", f"FROM {view} AS {VIEW}")
        return session.sql(f"SELECT '{province.key}' AS province, * FROM ({query})")


def _job(question: CountryQuery, provinces: dict[str, ArchivedProvince]) -> Callable[[pa.Table], pa.Table]:
    """What an executor does with the cells of one province."""
    known = {key: (province.manifest, dict(province.register)) for key, province in provinces.items()}

    def answer(cells: pa.Table) -> pa.Table:
        key = cells["province"][0].as_py()
        manifest, register = known[key]
        estimates = estimate_province(question, manifest, register, cells.select(SCHEMA.names))
        return pa.table({"province": [key], "answer": [write_answer(estimates)]})

    return answer
