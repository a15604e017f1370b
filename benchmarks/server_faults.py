"""The server's fault harness: faults strike two servers with one database under load, in random order.

    python -m benchmarks.server_faults [--database sqlite postgresql] [--faults 200] [--seed 1] [--citizens 4]

Citizens, kiosks with batches of up to 200, a reviewer at the desk and the job that keeps sums go on all the while.
Workers, all workers of a server and whole servers are killed; the database is stopped, restarted, crashed, held up and
slow; the disk is full or takes nothing (with the right to mount a disk of its own); clocks jump; bodies come slowly,
connections are cut. Exit 1 if an answer that was acknowledged is missing or stored twice, tallies differ from a
recount or figures from the ratings, a server does not serve again by itself within half a minute, or anybody gets
another status than one that the program means (500, say).
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import psycopg
from flask import Flask

from analysis.figures.store.commands import keep_sums
from benchmarks.databases import KINDS, database
from benchmarks.faults import disk, proof, said, visitors
from benchmarks.faults.servers import Server
from benchmarks.faults.strikes import Strikes
from kiosk import pairing
from survey.demo.command import FIRST_COUNTER
from survey.demo.fill import fill
from survey.foundation.clock import today
from survey.foundation.commands.progress import progress, shown
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

RECOVERS_WITHIN = 30.0  # seconds
KIOSKS, BATCH = 2, 200
STUCK = 300  # seconds without a new fault until every thread's place is printed


class Run:
    """Two servers, everybody who asks them, and what strikes."""

    def __init__(self, kind: str, folder: Path, url: str, seed: int, own_disk: bool) -> None:
        self.kind, self.ledger, self.slowest_recovery = kind, visitors.Ledger(), 0.0
        self.servers = [Server(url, folder, number) for number in range(2)]
        self.strikes = Strikes(kind, folder / "disk", url, self.servers, random.Random(seed), own_disk)

    def load(self, app: Flask, keys: list[str], citizens: int, seed: int) -> list[threading.Thread]:
        """Everybody, begun."""
        ledger, servers, chance = self.ledger, self.servers, iter(range(seed * 1000, seed * 1000 + 999))
        jobs = [(visitors.citizen, (ledger, servers, random.Random(next(chance)))) for _number in range(citizens)]
        jobs += [(visitors.kiosk, (ledger, servers, random.Random(next(chance)), key, BATCH)) for key in keys]
        jobs += [(visitors.reviewer, (ledger, servers, random.Random(next(chance)), visitors.AT_THE_DESK))]
        jobs += [(visitors.repeated, (ledger, lambda: _keep_sums(app), 5.0))]
        threads = [threading.Thread(target=work, args=given, daemon=True) for work, given in jobs]
        for thread in threads:
            thread.start()
        return threads

    def recovered(self) -> bool:
        """Whether both servers serve again by themselves."""
        began, waiting = time.monotonic(), list(self.servers)
        while waiting and time.monotonic() - began < RECOVERS_WITHIN:
            if waiting[0].is_ready():
                waiting.pop(0)
            else:
                time.sleep(0.1)
        self.slowest_recovery = max(self.slowest_recovery, time.monotonic() - began)
        return not waiting

    def end(self, threads: list[threading.Thread]) -> list[str]:
        """Let everybody finish what they began; who does not is told."""
        self.ledger.over.set()
        for thread in threads:
            thread.join(timeout=90)
        for each in self.servers:
            each.kill()
        return [f"still waiting: {thread.name}" for thread in threads if thread.is_alive()]


def _keep_sums(app: Flask) -> None:
    with app.app_context():
        try:
            keep_sums(running=True)
        finally:
            db.session.remove()
            db.engine.dispose()


@contextlib.contextmanager
def prepared(kind: str, folder: Path) -> Iterator[tuple[str, Flask, list[str]]]:
    """A small demonstration with paired kiosks; PostgreSQL keeps what it acknowledged."""
    with database(kind, folder) as url:
        if kind == "postgresql":
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                for name in ("synchronous_commit", "fsync", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {name} = on")
                connection.execute("SELECT pg_reload_conf()")
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, log_level="CRITICAL")
        with application(settings) as app:
            with app.app_context():
                flask_migrate.upgrade()
                fill(today(), 0.02)
                keys = [pairing.pair(pairing.issue_code(FIRST_COUNTER)).key for _number in range(KIOSKS)]
            yield url, app, keys


def strike(kind: str, faults: int, seed: int, citizens: int) -> int:
    """One run on one kind of database; how much is wrong."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(shown())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="server-faults-")))
        for beside in (folder, folder / "disk"):
            beside.mkdir(mode=0o755, exist_ok=True)
            beside.chmod(0o755)  # PostgreSQL does not run as root; its own folder inside is closed
        own_disk = stack.enter_context(disk.own_disk(folder / "disk"))
        with prepared(kind, folder / "disk") as (url, app, keys):
            run = Run(kind, folder, url, seed, own_disk)
            began, struck, wrong = time.perf_counter(), Counter[str](), list[str]()
            threads: list[threading.Thread] = []
            try:
                wrong += [] if run.recovered() else ["the servers did not start"]
                run.slowest_recovery = 0.0
                threads = run.load(app, keys, citizens, seed)
                for number in progress(range(faults), "Faults", faults):
                    faulthandler.dump_traceback_later(STUCK, exit=False)
                    fault = run.strikes.random.choice(run.strikes.all)
                    struck[fault.__name__] += 1
                    fault()
                    if not run.recovered():
                        wrong.append(f"fault {number}, {fault.__name__}: not recovered in {RECOVERS_WITHIN:.0f} s")
                time.sleep(2)
            finally:
                faulthandler.cancel_dump_traceback_later()
                wrong += run.end(threads)
            wrong += [f"{count} times {what}" for what, count in run.ledger.broken.items()]
            wrong += proof.differences(url, run.ledger.thanked) + proof.figures_differ(app)
            report(run, struck, wrong, time.perf_counter() - began)
            if wrong:
                said.show(run.servers)
            return len(wrong)


def report(run: Run, struck: Counter[str], wrong: list[str], seconds: float) -> None:
    """Print what came of it."""
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(struck.items()))
    missed = f"; not brought about: {dict(run.strikes.missed)}" if run.strikes.missed else ""
    print(f"{run.kind}: {struck.total()} faults in {seconds:.0f} s ({kinds}){missed}")
    print(f"  acknowledged {len(run.ledger.thanked):,}; {dict(sorted(run.ledger.statuses.items()))}")
    print(f"  slowest recovery {run.slowest_recovery:.1f} s; wrong: {len(wrong)}", flush=True)
    for fault in wrong[:30]:
        print("   ", fault[:300])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--citizens", type=int, default=4)
    asked = parser.parse_args()
    wrong = [strike(kind, asked.faults, asked.seed, asked.citizens) for kind in asked.database]
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
