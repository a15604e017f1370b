"""The server's fault harness: citizens send while faults strike two servers with one database, in random order.

    python -m benchmarks.server_faults [--database sqlite postgresql] [--faults 200] [--seed 1] [--citizens 4]

Workers and whole servers killed, the database stopped, restarted and held up, writes refused as on a full or read-only
disk, bodies that come slowly, connections cut. Exit 1 if an answer that was thanked for is missing or stored twice,
tallies differ from a recount, or a server does not serve again by itself within half a minute.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import flask_migrate
import psutil
import psycopg
from sqlalchemy import create_engine, text

from benchmarks.databases import KINDS, database, server
from survey.foundation.settings import Settings
from tests.channels.world import MANY, make_world
from tests.support import postgres_server
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

ROOT = Path(__file__).parents[1]
TOKEN = re.compile(r'name="token" value="([^"]+)"')
FORM = f"/c/{MANY}"
RECOVERS_WITHIN = 30.0  # seconds


class Server:
    """gunicorn as it is shipped, in a process group of its own."""

    def __init__(self, url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "PORT": str(self.port)}
        self.environment |= {"WEB_CONCURRENCY": "2", "LOG_LEVEL": "ERROR"}
        self.start()

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
        silent = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=silent, stderr=silent, start_new_session=True
        )

    def kill(self) -> None:
        """End every process of it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[psutil.Process]:
        """Its workers."""
        return psutil.Process(self.process.pid).children()

    def ask(self, method: str, path: str, body: str | None = None, timeout: float = 20) -> tuple[int, str]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


class Run:
    """Citizens, two servers, and what was thanked for."""

    def __init__(self, kind: str, folder: Path, url: str, seed: int) -> None:
        self.kind, self.folder, self.url, self.random = kind, folder, url, random.Random(seed)
        self.servers = [Server(url), Server(url)]
        self.thanked: set[str] = set()
        self.statuses: Counter[int] = Counter()
        self.number, self.over, self.lock = 0, threading.Event(), threading.Lock()
        self.slowest_recovery = 0.0
        strikes: list[Callable[[], None]] = [self.kill_worker, self.kill_server, self.hold_database, self.refuse_writes]
        strikes += [self.send_slowly, self.cut_connections]
        self.strikes = strikes + ([self.restart_database, self.crash_database] if kind == "postgresql" else [])

    def citizen(self, seed: int) -> None:
        """Send answers, each until it is thanked for, as a person who presses the button again."""
        chance = random.Random(seed)
        while not self.over.is_set():
            with self.lock:
                self.number += 1
                comment = f"Lời số {self.number:06d}"
            self._hand_in(chance, comment)

    def _hand_in(self, chance: random.Random, comment: str) -> None:
        body = ""
        while not self.over.is_set():
            try:
                asked = chance.choice(self.servers)
                if not body:
                    found = TOKEN.search(asked.ask("GET", FORM)[1])
                    rating = chance.choice("12345")
                    given = {"token": found[1] if found else "", "overall_service": rating, "comment": comment}
                    body = urlencode(given) if found else ""
                    continue
                status, page = asked.ask("POST", FORM, body)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            with self.lock:
                self.statuses[status] += 1
                if status == 200 and "ghi nhận" in page:
                    self.thanked.add(comment)
                    return
            time.sleep(0.05)

    def kill_worker(self) -> None:
        """One worker of one server."""
        workers = self.random.choice(self.servers).workers()
        if workers:
            self.random.choice(workers).kill()

    def kill_server(self) -> None:
        """A whole server, which is started again as a service manager does."""
        struck = self.random.choice(self.servers)
        struck.kill()
        time.sleep(0.5)
        struck.start()

    def restart_database(self) -> None:
        """PostgreSQL stopped, away for a second, and started again."""
        postgres_server.stop(self.folder)
        time.sleep(1)
        postgres_server.start(self.folder)

    def crash_database(self) -> None:
        """PostgreSQL's processes killed; it recovers from its log."""
        first = server(self.folder)
        assert first is not None
        children = first.children()
        first.send_signal(signal.SIGQUIT)
        psutil.wait_procs([first, *children], timeout=20)
        postgres_server.start(self.folder)

    def hold_database(self) -> None:
        """Nothing is written for two seconds."""
        if self.kind == "sqlite":
            with contextlib.closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)) as writer:
                writer.execute("BEGIN IMMEDIATE")
                time.sleep(2)
                writer.rollback()
            return
        first = server(self.folder)
        held = first.children() if first else []
        for one in held:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.suspend()
        time.sleep(2)
        for one in held:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.resume()

    def refuse_writes(self) -> None:
        """For a second nobody may write: SQLite's writers as on a full disk, PostgreSQL as on a read-only one."""
        if self.kind == "postgresql":
            self._let_postgresql("SET default_transaction_read_only = on")
            time.sleep(1)
            self._let_postgresql("RESET default_transaction_read_only")
            return
        writers = [one for each in self.servers for one in each.workers()]
        for limit in (4096, -1):
            for one in writers:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.rlimit(psutil.RLIMIT_FSIZE, (limit, -1))
            time.sleep(1 if limit > 0 else 0)

    def _let_postgresql(self, setting: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM {setting}")  # type: ignore[call-overload]
            connection.execute("SELECT pg_reload_conf()")

    def send_slowly(self) -> None:
        """Twenty bodies that come a byte at a time and never end."""
        start = f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n".encode()
        with contextlib.ExitStack() as opened:
            ports = [each.port for each in self.servers * 10]
            lines = [opened.enter_context(socket.create_connection(("127.0.0.1", port))) for port in ports]
            for piece in (start, *(b"x" for _second in range(4))):
                for line in lines:
                    with contextlib.suppress(OSError):
                        line.sendall(piece)
                time.sleep(0.4)

    def cut_connections(self) -> None:
        """Requests whose sender is gone before the answer."""
        for each in self.servers * 10:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", each.port)) as line:
                line.sendall(f"GET {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def recovered(self) -> bool:
        """Whether both servers serve again by themselves."""
        began = time.monotonic()
        waiting = list(self.servers)
        while waiting and time.monotonic() - began < RECOVERS_WITHIN:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if waiting[0].ask("GET", "/readyz", timeout=5)[0] == 200:
                    waiting.pop(0)
                    continue
            time.sleep(0.1)
        self.slowest_recovery = max(self.slowest_recovery, time.monotonic() - began)
        return not waiting


def differences(run: Run) -> list[str]:
    """What is missing, stored twice, or counted otherwise than a recount does."""
    engine = create_engine(run.url)
    with engine.connect() as connection:
        stored = Counter(connection.scalars(text("SELECT comment FROM responses")))
        recount: Counter[tuple[str, int]] = Counter()
        for answers in connection.scalars(text("SELECT answers FROM responses")):
            recount.update((json.loads(answers) if isinstance(answers, str) else answers).items())
        tallies = "SELECT item, value, sum(count) FROM tallies GROUP BY item, value"
        kept = {(item, value): int(count) for item, value, count in connection.execute(text(tallies))}
    engine.dispose()
    found = [f"missing: {one}" for one in run.thanked - set(stored)]
    found += [f"{count} times: {one}" for one, count in stored.items() if count > 1]
    return found if recount == kept else [*found, f"tallies {kept} recount {dict(recount)}"]


@contextlib.contextmanager
def prepared(kind: str, folder: Path) -> Iterator[str]:
    """A migrated database with counters; PostgreSQL keeps what it acknowledged."""
    with database(kind, folder) as url:
        if kind == "postgresql":
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                for one in ("synchronous_commit", "fsync", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {one} = on")  # type: ignore[call-overload]
                connection.execute("SELECT pg_reload_conf()")
        with application(Settings(secret_key=SECRET_KEY, database_url=url, testing=True)) as app:
            with app.app_context():
                flask_migrate.upgrade()
            make_world(app)
        yield url


def strike(kind: str, faults: int, seed: int, citizens: int) -> int:
    """One run on one kind of database; how much is wrong."""
    with tempfile.TemporaryDirectory(prefix="server-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with prepared(kind, folder) as url:
            run = Run(kind, folder, url, seed)
            began, struck, wrong = time.perf_counter(), Counter[str](), []
            try:
                assert run.recovered(), "the servers did not start"
                run.slowest_recovery = 0.0
                people = [threading.Thread(target=run.citizen, args=(seed * 1000 + n,)) for n in range(citizens)]
                for one in people:
                    one.start()
                for number in range(faults):
                    one_strike = run.random.choice(run.strikes)
                    struck[one_strike.__name__] += 1
                    one_strike()
                    if not run.recovered():
                        wrong.append(f"fault {number}, {one_strike.__name__}: not recovered in {RECOVERS_WITHIN:.0f} s")
                time.sleep(2)
                run.over.set()
                for one in people:
                    one.join()
            finally:
                run.over.set()
                for each in run.servers:
                    each.kill()
            wrong += differences(run)
            report(run, struck, wrong, time.perf_counter() - began)
            return len(wrong)


def report(run: Run, struck: Counter[str], wrong: list[str], seconds: float) -> None:
    """Print what came of it."""
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(struck.items()))
    print(f"{run.kind}: {struck.total()} faults in {seconds:.0f} s ({kinds})")
    print(f"  thanked {len(run.thanked)}, by status {dict(sorted(run.statuses.items()))}")
    print(f"  slowest recovery {run.slowest_recovery:.1f} s; wrong: {len(wrong)}", flush=True)
    for one in wrong[:20]:
        print("   ", one[:300])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--citizens", type=int, default=4)
    arguments = parser.parse_args()
    found = [strike(kind, arguments.faults, arguments.seed, arguments.citizens) for kind in arguments.database]
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
