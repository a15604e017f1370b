"""How fast anonymised responses are exported, how much memory it takes, and how fast a million comments are searched.

    python -m benchmarks.exports [--responses 1000000] [--postgresql]
    python -m benchmarks.exports [--responses 1000000] [--postgresql] --keep DIR    (fills, does not measure)
    python -m benchmarks.exports [--postgresql] --use DIR                           (measures what was kept)

Fills a temporary SQLite file (or a PostgreSQL server of its own), exports 100,000 responses and all of them as CSV and
the first as XLSX, each in a process of its own, beside a plain csv.writer over the same columns of the same rows, and
searches the comments (one a response). Aims: 100,000 responses in CSV within 2 s; peak memory alike at 100,000 and all.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from survey.foundation.commands.progress import progress, shown

AGENCIES, SERVICES, YEARS = 60, 5, (2024, 2025, 2026)
WORDS = [
    "cán",
    "bộ",
    "hướng",
    "dẫn",
    "tận",
    "tình",
    "chờ",
    "lâu",
    "quá",
    "phải",
    "đi",
    "lại",
    "ba",
    "lần",
    "trả",
    "kết",
    "quả",
    "sớm",
    "hơn",
    "hẹn",
    "nơi",
    "ngồi",
    "sạch",
    "sẽ",
    "cảm",
    "ơn",
]
BATCH = 20_000


def fill(responses: int) -> None:
    """Agencies, services, and responses with a comment each: 100,000 in the first year, the others after it."""
    from sqlalchemy import insert, select

    from survey.foundation.storage.database import db, writing
    from survey.questionnaires.models import QuestionnaireVersion
    from survey.registry.models import Agency, Province, Service
    from survey.responses.models import Response, SearchableComment

    draw = random.Random(1)
    with writing() as session:
        province = session.scalar(select(Province.id).where(Province.key == "dak-lak"))
        version = session.scalar(
            select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == "health").limit(1)
        )
        assert version is not None
        items = [item["code"] for item in version.definition["items"]]
        for number in range(1, SERVICES + 1):
            session.add(Service(id=number, code=f"dv-{number}", name=f"Dịch vụ {number}", sector="health", field="x"))
        for number in range(1, AGENCIES + 1):
            kind = {"kind": "public_service_unit", "level": "province", "province_id": province}
            session.add(Agency(id=number, code=f"cq-{number:03d}", name=f"Bệnh viện số {number}", **kind))
        session.flush()
        for start in progress(range(0, responses, BATCH), "Answers in batches", -(-responses // BATCH)):
            rows = [
                _response(draw, place, province, version.id, items)
                for place in range(start, min(start + BATCH, responses))
            ]
            session.connection().execute(insert(Response.__table__), [row for row, _comment in rows])
            session.connection().execute(insert(SearchableComment.__table__), [comment for _row, comment in rows])
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _response(
    draw: random.Random, place: int, province: int | None, version: int, items: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    from survey.foundation.clock import local_day, month_of, start_of_day
    from survey.responses.comments import searchable

    year = YEARS[0] if place < 100_000 else draw.choice(YEARS[1:])

    instant = start_of_day(dt.date(year, 1, 1) + dt.timedelta(draw.randrange(360))) + dt.timedelta(
        seconds=draw.randrange(80_000)
    )
    day, text = local_day(instant), " ".join(draw.choices(WORDS, k=12))
    if place == 7:
        text += " kim cương"
    shared = {
        "province_id": province,
        "agency_id": draw.randint(1, AGENCIES),
        "service_id": draw.randint(1, SERVICES),
        "sector": "health",
        "answered_at": instant,
    }
    id_ = uuid.UUID(int=draw.getrandbits(128))
    response = {
        **shared,
        "id": id_,
        "content_hash": "x",
        "questionnaire_version_id": version,
        "channel": draw.choice(("kiosk", "kiosk", "kiosk", "qr")),
        "respondent_kind": "individual",
        "language": "vi",
        "received_at": instant,
        "day": day,
        "month": month_of(day),
        "partial": False,
        "answers": {item: draw.randint(1, 5) for item in items},
        "comment": text,
    }
    value = response["answers"]["overall_health"]
    return response, {**shared, "response_id": id_, "ratings": 1 << value, "folded": searchable(text)}


def one(kind: str, period: str, out: Path) -> None:
    """One measured pass, in a process of its own: seconds, of CPU too, and memory (MiB) before and at its peak."""
    with _application():
        import analysis.exports.service as service
        from analysis.figures.register import fetch_province
        from analysis.presentation.scope import Scope
        from survey.foundation.periods import Period

        scope, asked = Scope(fetch_province("dak-lak"), "health"), Period.parse(period)
        with _watched() as peak:
            before, started, cpu = peak.own, time.perf_counter(), time.process_time()
            if kind == "plain":
                _plain(scope, asked, out)
            else:
                table = service.table_of("responses", scope, asked)
                service.save(table, service.new_files(out, kind))
        print(time.perf_counter() - started, time.process_time() - cpu, before, peak.own, peak.all)


def _plain(scope: Any, period: Any, out: Path) -> None:
    """csv.writer over the same columns, nothing held back, nothing named."""
    import csv

    from analysis.exports.items import items_of
    from analysis.exports.queries import Narrowing, stream_responses

    wanted = Narrowing(province_id=scope.province.id, months=period.months, sector="health")
    items = list(items_of("health", "vi").texts)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in stream_responses(wanted):
            writer.writerow([*row[:8], *map(row[8].get, items)])


@dataclass
class _Peak:
    """MiB: the memory of the process's own, and all of it, also what it maps of files (SQLite's, up to 256 MiB)."""

    own: float = 0.0
    all: float = 0.0

    def look(self) -> None:
        now = _ITSELF.memory_info()
        self.own, self.all = max(self.own, (now.rss - now.shared) / 2**20), max(self.all, now.rss / 2**20)


_ITSELF = psutil.Process()


@contextlib.contextmanager
def _watched() -> Iterator[_Peak]:
    """The peak of the block, looked at every 50 ms (`ru_maxrss` would give the parent's, whose child this is)."""
    peak, over = _Peak(), threading.Event()
    peak.look()

    def watch() -> None:
        while not over.wait(0.05):
            peak.look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        peak.look()
        over.set()
        watcher.join()


def search() -> None:
    """Time of a page of comments: frequent words, words of one comment, a word of none; and narrowed."""
    with _application():
        from analysis.desk.comments import CommentSearch, comment_page
        from analysis.figures.register import fetch_province
        from analysis.presentation.scope import Scope
        from survey.foundation.periods import Period

        scope = Scope(fetch_province("dak-lak"), "health")
        spans = {"tất cả": Period.parse("2024-01..2026-12"), "một năm": Period.parse("2024")}
        for words, period in spans.items():
            for text in ("chờ lâu", "kim cuong", "khongcogi"):
                for filters in ({}, {"rating": 1, "service": "dv-3"}):
                    asked = CommentSearch(period, text, **filters)
                    took = [_timed(lambda: comment_page(scope, asked, None)) for _again in range(5)]  # noqa: B023
                    narrowed = ", rated 1, of one service" if filters else ""
                    print(f"  {words}, “{text}”{narrowed}: {sorted(took)[2] * 1000:.0f} ms")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextlib.contextmanager
def _application() -> Iterator[None]:
    from wsgi import create_app

    with create_app().app_context():
        yield


def _measure(directory: Path, environment: dict[str, str]) -> None:
    runs = [
        ("plain", "2024", "csv"),
        ("csv", "2024", "csv"),
        ("xlsx", "2024", "xlsx"),
        ("csv", "2024-01..2026-12", "csv"),
    ]
    plain = 0.0
    for number, (kind, period, suffix) in enumerate(runs):
        out = directory / f"{number}.{suffix}"
        printed = _run(environment, "--one", kind, period, str(out)).split()[-5:]
        seconds, cpu, before, own, everything = map(float, printed)
        plain = plain or cpu
        times = f"{seconds:6.2f} s, {cpu:6.2f} s of CPU = {cpu / plain:5.2f} x plain"
        peak = f"peak {own:.0f} MiB of its own ({own - before:+.0f}), {everything:.0f} in all"
        print(f"{kind:5} {period:16} {times}; {peak}")
    print(_run(environment, "--search"))


def _run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.exports", *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextlib.contextmanager
def _served(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that work on the folder's database, migrated; this process has it too."""
    from benchmarks.databases import database

    with database(kind, folder) as url:
        environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": "only for this benchmark", "LOG_LEVEL": "ERROR"}
        os.environ.update(environment)
        with _application():
            import flask_migrate

            flask_migrate.upgrade()
        yield environment


def main() -> None:
    """Fill, measure, print."""
    from benchmarks.databases import folder_at, is_filled

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--keep", type=Path, help="build the database here, leave it, do not measure")
    parser.add_argument("--use", type=Path, help="measure a database that was kept")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--search", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        return one(asked.one[0], asked.one[1], Path(asked.one[2]))
    if asked.search:
        return search()
    kind, kept = "postgresql" if asked.postgresql else "sqlite", asked.use or asked.keep
    there = kept is not None and is_filled(kept, kind)
    if kept is not None and there != (asked.use is not None):
        parser.error(f"{kept} holds {'a' if there else 'no'} {kind} database")
    with folder_at(kept) as folder, _served(kind, folder) as environment:
        if not there:
            with _application():
                fill(asked.responses)
        if asked.keep is None:
            with tempfile.TemporaryDirectory() as name:
                _measure(Path(name), environment)
    return None


if __name__ == "__main__":
    with shown():
        main()
