"""Server time of the desk's pages over three years of answers of one province with 300 agencies.

    python -m benchmarks.desk [--responses 1000000 10000000] [--database sqlite|postgresql] [--directory DIR]

For each number of answers: builds the database (in bulk, first proven on 3,000 answers to be what the door writes),
keeps the sums (`flask analysis sums --running`), then asks each page as a signed-in reviewer, one request at a time,
without a network. On SQLite, which runs inside, it is processor time: on a busy machine the clock would time the others
too. On PostgreSQL it is the clock.

- cold: the first request of a process that remembers nothing
- warm: the median of 15 more
- after an answer: the median of 5, each right after one answer came in through the door and reached the page's figures

The yardstick beside them is one SQL pass over the year's ratings of one subject. The database is removed at the end.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy import case, func, select

from analysis import remembering
from analysis.sums import keep_sums
from analysis.weighting import prepare
from benchmarks.desk_data import build, same_as_the_door
from survey.foundation.clock import now, today
from survey.foundation.database import db
from survey.foundation.settings import Settings
from survey.responses.door import Submission, receive
from survey.responses.models import Rating
from tests.support import postgres_server
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.staff import signed_in

YEAR = today().year
PAGES = {
    "overview, all sectors": "/desk/dak-lak/all",
    "overview, health": "/desk/dak-lak/health",
    "one agency (administration)": "/desk/dak-lak/all?agency=cq-000",
    "one agency (health)": "/desk/dak-lak/health?agency=cq-001",
    "explore province x year by agency": f"/desk/dak-lak/administration/explore?period={YEAR}&by=agency",
    "explore province x year by service": f"/desk/dak-lak/health/explore?period={YEAR}&by=service",
    "explore one agency by service": f"/desk/dak-lak/health/explore?period={YEAR}&agency=cq-001&by=service",
}
AIMS = {"overview": 100, "one agency": 100, "explore province": 300, "explore one agency": 100}
WARM, AFTER = 15, 5
CLOCK = {"processor": True}


def milliseconds(work: Callable[[], Any]) -> float:
    clock = time.process_time if CLOCK["processor"] else time.perf_counter
    start = clock()
    work()
    return (clock() - start) * 1e3


@contextmanager
def database(kind: str, directory: Path) -> Iterator[str]:
    """The address of an empty database that goes away."""
    with tempfile.TemporaryDirectory(dir=directory, prefix="desk-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/desk.sqlite3"
            return
        url = postgres_server.start(Path(folder))
        try:
            with psycopg.connect(url.format("postgres").replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("CREATE DATABASE desk")
            yield url.format("desk")
        finally:
            postgres_server.stop(Path(folder))


@contextmanager
def filled(kind: str, directory: Path, responses: int) -> Iterator[Flask]:
    """The application on a database with so many answers."""
    with database(kind, directory) as url:
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, log_level="ERROR")
        with application(settings) as app:
            with app.app_context():
                flask_migrate.upgrade()
                build(responses)
                db.session.remove()
            yield app


def measure(app: Flask) -> dict[str, tuple[float, float, float]]:
    """(cold, warm, after an answer) of each page, ms."""
    client = signed_in(app, "reviewer", "administrator")
    found = {}
    for name, address in PAGES.items():

        def ask(address: str = address) -> None:
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        client.get("/desk/dak-lak/all?year=2000")  # templates compiled, connection open
        forget()
        cold = milliseconds(ask)
        warm = median(milliseconds(ask) for _ in range(WARM))
        after = []
        for _ in range(AFTER):
            one_answer(app, "cq-001" if "health" in address else "cq-000")
            after.append(milliseconds(ask))
        found[name] = (cold, warm, median(after))
    return found


def forget() -> None:
    """As in a new process."""
    remembering.MEMORY.forget()
    prepare._KNOWN.forget()


def one_answer(app: Flask, agency: str) -> None:
    health = agency == "cq-001"
    answers = {"overall_health": 4} if health else {"overall_service": 4, "overall_procedures": 5}
    submission = Submission(
        id=uuid.uuid4(),
        questionnaire="health" if health else "administration",
        version=1,
        counter=f"{agency}-0",
        service="health-0" if health else "administration-0",
        answered_at=now() - dt.timedelta(minutes=1),
        channel="qr",
        answers=answers,
    )
    with app.app_context():
        (receipt,) = receive([submission])
    assert receipt.status == "stored", receipt


def yardstick(app: Flask) -> float:
    """One pass over the year's ratings of one subject, ms."""
    query = select(func.count(), func.sum(case((Rating.value >= 4, 1), else_=0))).where(
        Rating.province_id == 1, Rating.subject == "health_service", Rating.month.between(f"{YEAR}-01", f"{YEAR}-12")
    )
    with app.app_context():
        return median(milliseconds(lambda: db.session.execute(query).all()) for _ in range(3))


def run(kind: str, directory: Path, responses: int) -> dict[str, tuple[float, float, float]]:
    start = time.perf_counter()
    with filled(kind, directory, responses) as app:
        built = time.perf_counter() - start
        with app.app_context():
            kept = milliseconds(lambda: keep_sums(running=True)) / 1e3
        print(f"\n{kind}, {responses:,} answers: built in {built:.0f} s, sums kept in {kept:.0f} s")
        print(f"one SQL pass over a subject's year: {yardstick(app):.0f} ms")
        print(f"{'page':<40}{'cold':>9}{'warm':>9}{'after an answer':>17}{'aim':>6}   (ms)")
        found = measure(app)
        for name, (cold, warm, after) in found.items():
            aim = next(value for start, value in reversed(AIMS.items()) if name.startswith(start))
            print(f"{name:<40}{cold:>9.0f}{warm:>9.0f}{after:>17.0f}{aim:>6}")
    return found


def prove(kind: str, directory: Path) -> None:
    """What is built in bulk is what the door writes."""
    with filled(kind, directory, 3000) as app, app.app_context():
        print(f"{kind}: {same_as_the_door():,} answers compared with what the door makes of them: the same rows")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--directory", type=Path, default=Path(tempfile.gettempdir()))
    asked = parser.parse_args(arguments)
    CLOCK["processor"] = asked.database == "sqlite"
    prove(asked.database, asked.directory)
    results = [run(asked.database, asked.directory, responses) for responses in asked.responses]
    if len(results) == 2:
        print(f"\n{'page':<40}{'warm':>9}{'after an answer':>17}   (times the time at the smaller number)")
        for name, (_cold, warm, after) in results[1].items():
            print(f"{name:<40}{warm / results[0][name][1]:>9.2f}{after / results[0][name][2]:>17.2f}")


if __name__ == "__main__":
    main()
