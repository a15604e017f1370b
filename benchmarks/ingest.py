"""A citizen's visit and a kiosk's answer under load, beside hello world and the plain way, in one run.

    python -m benchmarks.ingest [--database sqlite postgresql] [--clients 8 16] [--rounds 5] [--seconds 8]
                                [--stored 0 1000000] [--keep DIR] [--only visit kiosk]

Every server is gunicorn with deploy/gunicorn.conf.py on one machine with the load client; databases are durable (SQLite
synchronous=FULL, PostgreSQL with its own defaults). The subjects take turns within each round, so that whatever else
the machine does strikes all of them: compare within a run, never between runs. Processor time is that of all processes
of gunicorn and of the database server, from the operating system; memory is proportional, after the last round.

With several numbers of stored answers, each in a database of its own that is filled in bulk before the first round
(1,000,000 in one or two minutes; with --keep once, every run then measures a copy), a table tells what an answer beside
many stored ones takes of time and processors, in times of what it takes beside few in the same round.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import flask_migrate
import psutil
from flask import Flask

from benchmarks import load
from benchmarks.bulk import analyze
from benchmarks.desk_data import build
from benchmarks.serving import durable_database, fill_once, processor_seconds, proportional_memory, served
from kiosk import pairing
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

COUNTER = "cq-000-0"
BATCH = 200
DATABASES = ("sqlite", "postgresql")
KINDS = ("hello", "plain", "visit", "kiosk", "batch")
ORDER = ("hello", "plain way", *KINDS[2:])


@dataclass
class Round:
    """What one subject did in one round."""

    rate: float
    p99: float
    slowest: float
    processor: float  # seconds an answer, all processes


@dataclass
class Subject:
    """One thing that is measured."""

    name: str
    port: int
    script: Callable[[int], load.Script]
    processes: list[psutil.Process | None]
    rounds: list[Round] = field(default_factory=list)

    def play(self, clients: int, seconds: float) -> None:
        """One round."""
        spent = processor_seconds(self.processes)
        measured = load.run(self.port, self.script, clients, seconds)
        spent = processor_seconds(self.processes) - spent
        rate = measured.stored / measured.seconds
        subject = Round(rate, measured.percentile(0.99), measured.percentile(1), spent / max(measured.stored, 1))
        self.rounds.append(subject)

    def middle(self, what: str) -> float:
        """The median over the rounds."""
        return median(getattr(subject, what) for subject in self.rounds)

    def against(self, other: Subject, what: str = "rate") -> list[float]:
        """How many times the other's, round by round."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return [getattr(mine, what) / getattr(its, what) for mine, its in pairs]


def fill(database_url: str, stored: int) -> None:
    """Migrate an empty database and store so many answers, in bulk."""
    with _application(database_url) as app, app.app_context():
        flask_migrate.upgrade()
        build(stored)
        db.session.remove()
        analyze()


def pair(database_url: str, clients: int) -> list[str]:
    """One kiosk's key a client, of a filled database that this program's migrations may still have to change."""
    with _application(database_url) as app, app.app_context():
        flask_migrate.upgrade()
        return [pairing.pair(pairing.issue_code(COUNTER)).key for _number in range(clients)]


def _application(database_url: str) -> AbstractContextManager[Flask]:
    return application(Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True))


def filled_database(
    stack: ExitStack, database: str, stored: int, asked: argparse.Namespace
) -> tuple[str, psutil.Process | None]:
    """The address of a database with so many answers (and its first process): a copy where those are kept."""
    kept = asked.keep / f"{database}-{stored}" if asked.keep and stored else None
    if kept is not None:
        fill_once(database, kept, lambda url: fill(url, stored))
    url, server = stack.enter_context(durable_database(database, asked.directory, kept))
    if kept is None:
        fill(url, stored)
    return url, server


def subjects(stack: ExitStack, database: str, asked: argparse.Namespace) -> list[Subject]:
    """Everything started, in the order of turns."""
    port, first = stack.enter_context(served("benchmarks.yardsticks:hello", "/hello", ""))
    measured_subjects = [Subject("hello", port, load.hello, [first])]
    for stored in asked.stored:
        url, server = filled_database(stack, database, stored, asked)
        keys = pair(url, max(asked.clients))
        port, first = stack.enter_context(served("wsgi:app", "/readyz", url))
        both = [first, server]
        scripts = {
            "visit": load.visit(f"/c/{COUNTER}"),
            "kiosk": load.kiosk(COUNTER, keys, 1),
            "batch": load.kiosk(COUNTER, keys, BATCH),
        }
        if "plain" in asked.only and stored == asked.stored[0]:
            plain_url, plain_server = filled_database(stack, database, 0, asked)
            other, its = stack.enter_context(served("benchmarks.yardsticks:plain()", "/readyz", plain_url))
            measured_subjects.append(Subject("plain way", other, load.visit(f"/plain/{COUNTER}"), [its, plain_server]))
        measured_subjects += [
            Subject(_named(name, stored, asked.stored), port, scripts[name], both)
            for name in scripts
            if name in asked.only
        ]
    # What is compared takes its turns one after the other.
    return sorted(measured_subjects, key=lambda subject: ORDER.index(subject.name.partition(",")[0]))


def report(measured_subjects: Sequence[Subject], clients: int) -> None:
    """The table of one number of clients."""
    hello = measured_subjects[0]
    load_now = os.getloadavg()[0]
    print(f"\n{clients} clients, {len(hello.rounds)} rounds in turns, load {load_now:.1f} at the end\n")
    print(
        "| what | a second | of hello world (range) | p99 ms | slowest ms | processor ms | memory MB (with database) |"
    )
    print("|---|---|---|---|---|---|---|")
    for subject in measured_subjects:
        shares = subject.against(hello)
        ours = proportional_memory(subject.processes[:1]) / 1e6
        both = proportional_memory(subject.processes) / 1e6
        print(
            f"| {subject.name} | {subject.middle('rate'):,.0f} | "
            f"{median(shares):.3f} ({min(shares):.3f}-{max(shares):.3f}) | "
            f"{subject.middle('p99') * 1e3:.0f} | {max(r.slowest for r in subject.rounds) * 1e3:.0f} | "
            f"{subject.middle('processor') * 1e3:.2f} | {ours:.0f} ({both:.0f}) |"
        )


def growth(measured_subjects: Sequence[Subject], stored: Sequence[int]) -> None:
    """How much longer an answer takes beside more stored ones: times of processors and by the clock, of each round."""
    print(f"\n| what | beside {stored[0]:,} | times the processor time (range) | times the time (range) |")
    print("|---|---|---|---|")
    subject_of = {subject.name: subject for subject in measured_subjects}
    for name in KINDS:
        first = subject_of.get(_named(name, stored[0], stored))
        for more in stored[1:]:
            later = subject_of.get(_named(name, more, stored))
            if first is not None and later is not None:
                processor, times = later.against(first, "processor"), first.against(later)
                print(f"| {name} | {more:,} | {_with_range(processor)} | {_with_range(times)} |")


def _with_range(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def _named(name: str, stored: int, every: Sequence[int]) -> str:
    return f"{name}, {stored:,} stored" if len(every) > 1 else name


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=DATABASES, nargs="+", default=list(DATABASES))
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 16])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--stored", type=int, nargs="+", default=[0])
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--directory", type=Path, help="where temporary databases lie")
    parser.add_argument("--keep", type=Path, help="where filled databases lie, of which each run measures a copy")
    asked = parser.parse_args(arguments)
    for database in asked.database:
        print(f"\n{database}, {asked.seconds:g} s a round, load {os.getloadavg()[0]:.1f} before")
        with ExitStack() as stack:
            play_all(subjects(stack, database, asked), asked)


def play_all(measured_subjects: Sequence[Subject], asked: argparse.Namespace) -> None:
    """All rounds with each number of clients."""
    for clients in asked.clients:
        for subject in measured_subjects:
            subject.play(clients, 1)  # warm
            subject.rounds.clear()
        for _round in range(asked.rounds):
            for subject in measured_subjects:
                subject.play(clients, asked.seconds)
        report(measured_subjects, clients)
        if len(asked.stored) > 1:
            growth(measured_subjects, asked.stored)
        for subject in measured_subjects:
            subject.rounds.clear()


if __name__ == "__main__":
    main()
