"""Server time of the desk's pages over three years of answers of one province with 300 agencies.

    python -m benchmarks.desk [--responses 1000000 10000000] [--database sqlite|postgresql] [--directory DIR]

For each number of answers: builds the database (in bulk, first proven on 3,000 answers to be what the door writes),
keeps the sums (`flask analysis sums --running`), then asks each page as a signed-in reviewer, one request at a time,
without a network. Each time is given twice: by the clock (the median), and as processor time of this process and of the
database server (the mean), because on a busy machine the clock times the others too.

- cold: the first request of a process that remembers nothing
- warm: 15 more
- after an answer: 5, each right after one answer came in through the door that belongs to the page's figures

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
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import flask_migrate
import psutil
import psycopg
from flask import Flask
from sqlalchemy import case, func, select

from analysis import remembering
from analysis.queries import day_counts
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
AIMS = {"overview": 100, "one agency": 100, "explore province": 300, "explore one": 100}
WARM, AFTER = 15, 5
SERVER: list[psutil.Process] = []  # PostgreSQL's first process, while one runs


@dataclass(frozen=True)
class Time:
    """Of one request, ms: by the clock (median), and of processors (mean)."""

    clock: float
    processor: float


def timed(work: Callable[[], Any], times: int = 1, before: Callable[[], Any] = lambda: None) -> Time:
    """`work` done so many times; `before` each, untimed."""
    clock, processor = [], 0.0
    for _ in range(times):
        before()
        start, spent = time.perf_counter(), processors()
        work()
        processor += processors() - spent
        clock.append(time.perf_counter() - start)
    return Time(median(clock) * 1e3, processor / times * 1e3)


def processors() -> float:
    """Seconds of processor time spent by this process and by the database server, if it runs one."""
    servers = [one for server in SERVER for one in (server, *server.children())]
    return time.process_time() + sum(sum(one.cpu_times()[:2]) for one in servers if one.is_running())


@contextmanager
def database(kind: str, directory: Path) -> Iterator[str]:
    """The address of an empty database that goes away."""
    with tempfile.TemporaryDirectory(dir=directory, prefix="desk-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/desk.sqlite3"
            return
        url = postgres_server.start(Path(folder))
        pid = int((Path(folder) / "postgresql" / "postmaster.pid").read_text().split()[0])
        try:
            with psycopg.connect(url.format("postgres").replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("CREATE DATABASE desk")
            SERVER[:] = [psutil.Process(pid)]
            yield url.format("desk")
        finally:
            SERVER.clear()
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


def measure(app: Flask) -> dict[str, tuple[Time, Time, Time]]:
    """(cold, warm, after an answer) of each page."""
    client = signed_in(app, "reviewer", "administrator")
    found = {}
    for name, address in PAGES.items():
        agency = "cq-001" if "health" in address else "cq-000"

        def ask(address: str = address) -> None:
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        client.get("/desk/dak-lak/all?year=2000")  # templates compiled, connection open
        forget()
        found[name] = (timed(ask), timed(ask, WARM), timed(ask, AFTER, partial(one_answer, app, agency)))
    return found


def forget() -> None:
    """As in a new process."""
    remembering.MEMORY.forget()
    prepare._KNOWN.forget()
    day_counts._READ.forget()


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


def yardstick(app: Flask) -> Time:
    """One pass over the year's ratings of one subject."""
    query = select(func.count(), func.sum(case((Rating.value >= 4, 1), else_=0))).where(
        Rating.province_id == 1, Rating.subject == "health_service", Rating.month.between(f"{YEAR}-01", f"{YEAR}-12")
    )
    with app.app_context():
        return timed(lambda: db.session.execute(query).all(), 3)


def run(kind: str, directory: Path, responses: int) -> dict[str, tuple[Time, Time, Time]]:
    start = time.perf_counter()
    with filled(kind, directory, responses) as app:
        built = time.perf_counter() - start
        with app.app_context():
            kept = timed(lambda: keep_sums(running=True))
        print(f"\n{kind}, {responses:,} answers: built in {built:.0f} s, sums kept in {kept.clock / 1e3:.0f} s")
        one_pass = yardstick(app)
        print(f"one SQL pass over a subject's year: {one_pass.clock:.0f} ms, {one_pass.processor:.0f} of processors")
        print(f"{'ms by the clock (of processors)':<36}{'cold':>14}{'warm':>12}{'after an answer':>18}{'aim':>6}")
        found = measure(app)
        for name, times in found.items():
            aim = next(value for start, value in AIMS.items() if name.startswith(start))
            cold, warm, after = (f"{one.clock:.0f} ({one.processor:.0f})" for one in times)
            print(f"{name:<36}{cold:>14}{warm:>12}{after:>18}{aim:>6}")
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
    prove(asked.database, asked.directory)
    results = [run(asked.database, asked.directory, responses) for responses in asked.responses]
    if len(results) == 2:
        print(f"\n{'times the processor time at the smaller':<40}{'warm':>9}{'after an answer':>17}")
        for name, (_cold, warm, after) in results[1].items():
            first = results[0][name]
            growth = (warm.processor / first[1].processor, after.processor / first[2].processor)
            print(f"{name:<40}{growth[0]:>9.2f}{growth[1]:>17.2f}")


if __name__ == "__main__":
    main()
