"""Server time of the desk's pages over three years of answers of one province with 300 agencies.

    python -m benchmarks.desk [--responses 1000000 10000000] [--database sqlite|postgresql] [--directory DIR]
    python -m benchmarks.desk --responses 10000000 --database postgresql --keep DIR    (builds, does not measure)
    python -m benchmarks.desk --database postgresql --use DIR [DIR]                    (measures what was kept)

For each number of answers: builds the database (in bulk, first proven on 3,000 answers to be what the door writes),
keeps the sums (`flask analysis sums --running`), then asks each page as a signed-in reviewer, one request at a time,
without a network. Each time is given twice: by the clock (the median), and as processor time of this process and of the
database server (the mean), because on a busy machine the clock times the others too.

- started: by the clock, the first request to gunicorn as shipped that has just started (`benchmarks.first_pages`)
- cold: the first request of a process that remembers nothing and was not rehearsed
- warm: 15 more
- after an answer: 5, each right after one answer came in through the door that belongs to the page's figures

The yardstick beside them is one SQL pass over the year's ratings of one subject. A database that is not to be kept
is removed at the end.
"""

from __future__ import annotations

import argparse
import datetime as dt
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
from flask import Flask
from sqlalchemy import case, func, select

from analysis.figures.store.commands import keep_sums
from benchmarks.bulk import analyze
from benchmarks.databases import KINDS, database, folder_at, is_filled, server
from benchmarks.desk_data import build, same_as_the_door
from benchmarks.first_pages import first_pages
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.clock import now, today
from survey.foundation.commands.progress import progress, shown
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from survey.responses.ingest import Submission, receive
from survey.responses.models import Rating, Response
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.staff import signed_in

YEAR = today().year
Timings = dict[str, "tuple[Time, Time, Time]"]
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
    servers = [process for server in SERVER for process in (server, *server.children())]
    return time.process_time() + sum(sum(process.cpu_times()[:2]) for process in servers if process.is_running())


@contextmanager
def served(kind: str, folder: Path) -> Iterator[Flask]:
    """The application on the folder's database, migrated."""
    with database(kind, folder) as url:
        SERVER[:] = [process] if (process := server(folder)) else []
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, log_level="ERROR")
        try:
            with application(settings) as app:
                with app.app_context():
                    flask_migrate.upgrade()
                yield app
        finally:
            SERVER.clear()


def fill(app: Flask, responses: int) -> None:
    """So many answers, and their sums."""
    with app.app_context():
        built = timed(lambda: build(responses))
        kept = timed(lambda: keep_sums(running=True))
        db.session.remove()
        analyze()
    print(f"{responses:,} answers built in {built.clock / 1e3:.0f} s, sums kept in {kept.clock / 1e3:.0f} s")


def measure(app: Flask) -> Timings:
    """(cold, warm, after an answer) of each page."""
    client = signed_in(app, f"reviewer-{uuid.uuid4()}", "administrator")
    timings: Timings = {}
    for name, address in progress(PAGES.items(), "Pages", len(PAGES)):
        agency = "cq-001" if "health" in address else "cq-000"

        def ask(address: str = address) -> None:
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        client.get("/desk/dak-lak/all?year=2000")  # templates compiled, connection open
        forget_everything()
        timings[name] = (timed(ask), timed(ask, WARM), timed(ask, AFTER, partial(one_answer, app, agency)))
    return timings


def one_answer(app: Flask, agency: str, answered_at: dt.datetime | None = None) -> None:
    """One by QR, through the door."""
    health = agency == "cq-001"
    answers = {"overall_health": 4} if health else {"overall_service": 4, "overall_procedures": 5}
    submission = Submission(
        id=uuid.uuid4(),
        questionnaire="health" if health else "administration",
        version=1,
        counter=f"{agency}-0",
        service="health-0" if health else "administration-0",
        answered_at=answered_at or now() - dt.timedelta(minutes=1),
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


def run(app: Flask, title: str) -> Timings:
    """Measure and print."""
    with app.app_context():
        keep_sums(running=True)  # of a kept database, what an earlier measurement changed
        count = db.session.scalar(select(func.count()).select_from(Response))
    print(f"\n{title}, {count:,} answers")
    one_pass = yardstick(app)
    print(f"one SQL pass over a subject's year: {one_pass.clock:.0f} ms, {one_pass.processor:.0f} of processors")
    url = app.extensions["settings"].database_url
    started = first_pages(app, url, PAGES, f"first-{uuid.uuid4()}")
    heads = f"{'started':>9}{'cold':>14}{'warm':>12}{'after an answer':>18}{'aim':>6}"
    print(f"{'ms by the clock (of processors)':<36}{heads}")
    timings = measure(app)
    for name, times in timings.items():
        aim = next(value for start, value in AIMS.items() if name.startswith(start))
        cold, warm, after = (f"{time_.clock:.0f} ({time_.processor:.0f})" for time_ in times)
        print(f"{name:<36}{started[name]:>9.0f}{cold:>14}{warm:>12}{after:>18}{aim:>6}")
    return timings


def compare(first: Timings, second: Timings) -> None:
    """How the time grows with the answers."""
    print(f"\n{'times the processor time at the smaller':<40}{'warm':>9}{'after an answer':>17}")
    for name, (_cold, warm, after) in second.items():
        before = first[name]
        growth = (warm.processor / before[1].processor, after.processor / before[2].processor)
        print(f"{name:<40}{growth[0]:>9.2f}{growth[1]:>17.2f}")


def prove(kind: str, parent: Path | None) -> None:
    """What is built in bulk is what the door writes."""
    with folder_at(None, parent) as folder, served(kind, folder) as app, app.app_context():
        build(3000)
        print(f"{kind}: {same_as_the_door():,} answers compared with what the door makes of them: the same rows")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responses", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--directory", type=Path, help="where temporary databases lie")
    parser.add_argument("--keep", type=Path, help="build one database here, and leave it")
    parser.add_argument("--use", type=Path, nargs="+", help="measure databases that were kept")
    asked = parser.parse_args(arguments)
    kind = asked.database
    if asked.use:
        results = []
        for folder in asked.use:
            if not is_filled(folder, kind):
                parser.error(f"{folder} holds no {kind} database: build it with --keep {folder}")
            with served(kind, folder) as app:
                results.append(run(app, kind))
    elif asked.keep:
        if is_filled(asked.keep, kind):
            parser.error(f"{asked.keep} holds a {kind} database already: measure it with --use {asked.keep}")
        prove(kind, asked.directory)
        with folder_at(asked.keep) as folder, served(kind, folder) as app:
            fill(app, asked.responses[0])
        return
    else:
        prove(kind, asked.directory)
        results = [build_and_run(kind, asked.directory, responses) for responses in asked.responses]
    if len(results) == 2:
        compare(*results)


def build_and_run(kind: str, parent: Path | None, responses: int) -> Timings:
    """Measured on a database of its own that goes away."""
    with folder_at(None, parent) as folder, served(kind, folder) as app:
        fill(app, responses)
        return run(app, kind)


if __name__ == "__main__":
    with shown():
        main()
