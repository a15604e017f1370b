"""Spark, on a cluster: it counts every province at once, and the product's own Python estimates inside its executors.

One row comes back for each province. PySpark is an extra (``requirements-spark.txt``, Java 17 or newer); on every
worker this program is installed where the driver has it, and the archive lies where the driver sees it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from analysis.archive.reading import ArchivedProvince
from analysis.country.cell_queries import MARKED, SCHEMA, VIEW, cell_sql, marked_sql, received_before, view_columns
from analysis.country.engines import Answers, Engine
from analysis.country.engines.sent import read_answer, write_answer
from analysis.country.province_job import answers_of_province
from analysis.country.question import CountryQuery
from survey.foundation.configuration.settings import ROOT, offer_to_libraries

_ANSWER = "province string, answer string"
PROVINCE = "province"
_FOLDER = "element_at(split(_metadata.file_path, '/'), -2)"  # an archive's files lie in their province's folder
# What of Spark's defaults would not do; the rest, such as memory (1 GB each), is the cluster's: spark-defaults.conf.
_SETTINGS = {
    "spark.ui.enabled": "false",  # a page without a password
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.executorEnv.PYTHONPATH": str(ROOT),
}
_LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}  # nobody else is asked


class Spark(Engine):
    """The distributed engine. `master` as Spark names it: ``local[2]``, ``spark://host:7077``."""

    def __init__(self, master: str) -> None:
        self.master = master

    def answers(self, questions: Sequence[CountryQuery], provinces: Iterable[ArchivedProvince]) -> Iterator[Answers]:
        """What each province answers, in their order."""
        asked = list(provinces)
        answers = self._answers(questions, [province for province in asked if province.ratings])
        for province in asked:
            if province.key in answers:
                yield answers[province.key]
            else:  # no rating of the subject: nothing for an executor to do
                yield answers_of_province(questions, province.manifest, province.register, SCHEMA.empty_table())

    def _answers(self, questions: Sequence[CountryQuery], provinces: Sequence[ArchivedProvince]) -> dict[str, Answers]:
        if not provinces:
            return {}
        subject = questions[0].subject
        with spark_session(self.master) as session:
            see_ratings(session, questions[0], provinces)
            marks = session.sql(marked_sql("spark", subject, (PROVINCE,))).collect()
            marked = {row[PROVINCE]: (int(row[MARKED[0]]), int(row[MARKED[1]])) for row in marks}
            cells = session.sql(cell_sql("spark", subject, (PROVINCE,)))
            job = _job(questions, {province.key: province for province in provinces}, marked)
            rows = cells.groupBy(PROVINCE).applyInArrow(job, _ANSWER).collect()
            return {row["province"]: tuple(map(read_answer, json.loads(row["answer"]))) for row in rows}


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """A session of a cluster, ended with its processes."""
    from pyspark.sql import SparkSession

    offer_to_libraries("PYSPARK_PYTHON", sys.executable)  # executors run the Python of this program
    builder = SparkSession.builder.master(master).appName("hai-long country")
    for name, value in (_SETTINGS | (_LOCAL if master.startswith("local") else {})).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def see_ratings(session: Any, question: CountryQuery, provinces: Sequence[ArchivedProvince]) -> None:
    """Make the view that the queries ask: the ratings of all provinces, each with its province's key."""
    from pyspark.sql.functions import col, expr, lit

    ratings = session.read.parquet(*(str(path) for province in provinces for path in province.ratings))
    ratings = ratings.selectExpr(f"{_FOLDER} AS {PROVINCE}", "received_at", *view_columns())
    closed = {province.key: received_before(question, province.manifest) for province in provinces}
    for key, before in closed.items():
        if before is not None:
            ratings = ratings.where((col(PROVINCE) != lit(key)) | expr(f"received_at < {before}"))
    ratings.createOrReplaceTempView(VIEW)


def _job(
    questions: Sequence[CountryQuery],
    provinces: Mapping[str, ArchivedProvince],
    marked: Mapping[str, tuple[int, int]],
) -> Callable[[pa.Table], pa.Table]:
    """What an executor does with the cells of one province."""
    known = {key: (province.manifest, dict(province.register)) for key, province in provinces.items()}

    def answer(cells: pa.Table) -> pa.Table:
        key = cells[PROVINCE][0].as_py()
        answers = answers_of_province(questions, *known[key], cells.select(SCHEMA.names), marked[key])
        return pa.table({"province": [key], "answer": [json.dumps([write_answer(answer) for answer in answers])]})

    return answer
