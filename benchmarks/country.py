"""A country: how long its archive takes to write, and its figures from that, counted by DuckDB and by Spark.

    python -m benchmarks.country [--ratings 10000000 100000000] [--worlds once daily] [--archived 10000000]
        [--workers 1 2] [--database sqlite postgresql] [--keep DIR]

Invents archives of so many ratings (34 provinces, 10,000 agencies, 36 months; kept in DIR where one is named) and asks
each for the country and its last year with the command, in a process of its own: processor time of all its processes
and the most memory of one. Where agencies ask `once` a month their months are about one cell each, as in the country
that issue 22 was measured on; where they ask `daily`, from twenty (10 million) to sixty (100 million).
`--workers` asks Spark too, on a standalone cluster of so many (`make test-spark` installs it), of the largest archive
of each world. `--archived` fills a database of three provinces with so many ratings and archives it.
Aims, in processor time: 10 million archived in 60 s; the year of 100 million in 20 s and 1 GB, at most six times what
10 million take.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from sqlalchemy import text

from analysis.archive.files import ArchiveFolder
from analysis.archive.writing import archive_province
from analysis.figures.register import fetch_province
from benchmarks.country_archive import MONTHS, write_country
from benchmarks.country_data import SUBJECT, InventedProvince, fill
from benchmarks.databases import KINDS, database, folder_at
from benchmarks.spark_cluster import environment, standalone
from survey.foundation.commands.progress import shown
from survey.foundation.configuration.settings import ROOT, Settings
from survey.foundation.storage.database import db
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

YEAR = MONTHS[-1][:4]
WORLDS = ("once", "daily")
AT_HOME = [
    InventedProvince("an-giang", 1, 200),
    InventedProvince("dak-lak", 2, 300),
    InventedProvince("son-la", 3, 120),
]


@contextmanager
def taken(what: str) -> Iterator[None]:
    """Print what the processes took that were begun and ended meanwhile, this one included."""
    began, before = time.perf_counter(), _processor_time()
    yield
    seconds, clock = _processor_time() - before, time.perf_counter() - began
    print(f"{what:58} {seconds:7.1f} s of processors, {clock:7.1f} s by the clock", flush=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def _processor_time() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def ask(place: Path, *options: str, settings: dict[str, str] | None = None) -> float:
    """The command, in a process of its own; the most memory it took (GB)."""
    command = ["analysis", "country", "--archive", str(place), "--period", YEAR, "--subject", SUBJECT, *options]
    around = os.environ | {"DATABASE_URL": "sqlite://", "SECRET_KEY": SECRET_KEY} | (settings or {})
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT, env=around, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit("the command failed")
    return usage.ru_maxrss / 1e6


def of_world(world: str, sizes: Sequence[int], workers: Sequence[int], keep: Path | None) -> None:
    """Ask archives of one world for their year, the largest by Spark too."""
    for ratings in sizes:
        name = f"{world}, {ratings:,}"
        with folder_at(keep and keep / world / str(ratings)) as place:
            if not any(place.iterdir()):
                write_country(ArchiveFolder(str(place)), ratings, once=world == "once")
            print(f"{name} ratings lie in {_size(place) / 1e9:.2f} GB", flush=True)
            with taken(f"{name}: year by DuckDB"):
                memory = ask(place)
            print(f"  its memory: {memory:.2f} GB", flush=True)
            for number in workers if ratings == max(sizes) else ():
                by_spark(place, number, name)


def by_spark(place: Path, workers: int, name: str) -> None:
    """The same, asked of a cluster that begins and ends with the question."""
    with TemporaryDirectory() as folder, taken(f"{name}: year by Spark, {workers} of its workers"):
        settings = environment(Path(folder))
        with standalone(Path(folder), settings, workers) as master:
            ask(place, "--engine", "spark", "--master", master, settings=settings)


def archive(ratings: int, kind: str) -> None:
    """Three provinces out of a database. Processor time is this process's: of PostgreSQL's own see the clock."""
    months = MONTHS[-12:]
    with folder_at(None) as folder, database(kind, folder) as url:
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)
        with application(settings) as app, app.app_context():
            flask_migrate.upgrade()
            fill(AT_HOME, months, ratings)
            place = ArchiveFolder(str(folder / "archive"))
            with taken(f"{ratings:,} archived from {kind}"):
                for province in AT_HOME:
                    archive_province(place, fetch_province(province.key))
            here, there = _database_size(folder, kind) / ratings, _size(Path(place.place)) / ratings
            print(f"  an answer takes {here:.0f} bytes here, {there:.1f} there")
            with taken("the same again: nothing to do"):
                for province in AT_HOME:
                    archive_province(place, fetch_province(province.key))


def _database_size(folder: Path, kind: str) -> int:
    if kind == "sqlite":
        return (folder / "answers.sqlite3").stat().st_size
    return int(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratings", nargs="*", type=int, default=[10_000_000, 100_000_000])
    parser.add_argument("--archived", type=int, default=10_000_000)
    parser.add_argument("--database", nargs="*", choices=KINDS, default=["sqlite"])
    parser.add_argument("--workers", nargs="*", type=int, default=[])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--worlds", nargs="*", choices=WORLDS, default=WORLDS)
    asked = parser.parse_args(arguments)
    for world in asked.worlds:
        of_world(world, asked.ratings, asked.workers, asked.keep)
    for kind in asked.database if asked.archived else ():
        archive(asked.archived, kind)
    return 0


if __name__ == "__main__":
    with shown():
        sys.exit(main())
