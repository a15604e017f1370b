"""What strikes: each method returns when its fault is over, but for a moved clock, which stays until the next."""

from __future__ import annotations

import contextlib
import random
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import psycopg

from benchmarks.databases import server
from benchmarks.faults import disk
from benchmarks.faults.servers import Server
from benchmarks.faults.visitors import FORM
from tests.support import postgres_server

HOURS = (-48, -1, -0.01, 0, 0.01, 3, 30, 72)  # a clock set wrong, mended, or corrected by seconds


class Strikes:
    """The faults of one run on two servers and their database."""

    def __init__(
        self, kind: str, folder: Path, url: str, servers: Sequence[Server], chance: random.Random, own_disk: bool
    ) -> None:
        self.kind, self.folder, self.url, self.servers, self.random = kind, folder, url, servers, chance
        self.missed = Counter[str]()  # what could not be brought about
        strikes: list[Callable[[], None]] = [self.kill_worker, self.kill_workers, self.kill_server, self.kill_both]
        strikes += [self.hold_database, self.slow_database, self.refuse_writes, self.move_clock, self.send_slowly]
        strikes += [self.cut_connections]
        strikes += [self.restart_database, self.crash_database] if kind == "postgresql" else []
        strikes += [self.fill_disk] if own_disk else []
        strikes += [self.start_on_read_only_disk] if own_disk and kind == "sqlite" else []
        self.all = strikes

    def kill_worker(self) -> None:
        """One worker of one server."""
        workers = self.random.choice(self.servers).workers()
        if workers:
            self.random.choice(workers).kill()

    def kill_workers(self) -> None:
        """All workers of one server at once."""
        for worker in self.random.choice(self.servers).workers():
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()

    def kill_server(self) -> None:
        """A whole server, which is started again as a service manager does."""
        with _down([self.random.choice(self.servers)]):
            time.sleep(0.5)

    def kill_both(self) -> None:
        """Both servers at once."""
        with _down(self.servers):
            time.sleep(0.5)

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
        """Nothing is written for two seconds; of PostgreSQL nothing is answered either."""
        with self._held():
            time.sleep(2)

    def slow_database(self) -> None:
        """For three seconds the database works a tenth of the time."""
        until = time.monotonic() + 3
        while time.monotonic() < until:
            with self._held():
                time.sleep(0.27)
            time.sleep(0.03)

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        if self.kind == "sqlite":
            with contextlib.closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)) as writer:
                writer.execute("BEGIN IMMEDIATE")
                yield
                writer.rollback()
            return
        first = server(self.folder)
        held = first.children() if first else []
        _each(held, psutil.Process.suspend)
        try:
            yield
        finally:
            _each(held, psutil.Process.resume)

    def fill_disk(self) -> None:
        """A full disk for a second and a half; a PostgreSQL that ended on it is started again."""
        with disk.full(self.folder):
            time.sleep(1.5)
        if self.kind == "postgresql":
            first = server(self.folder)
            if first is None or not first.is_running() or first.status() == psutil.STATUS_ZOMBIE:
                postgres_server.start(self.folder)

    def start_on_read_only_disk(self) -> None:
        """Both servers are started on a disk that takes nothing, as a file system that met an error leaves it."""
        with _down(self.servers), disk.read_only(self.folder) as is_read_only:
            if not is_read_only:
                self.missed["start_on_read_only_disk"] += 1
                return
            for each in self.servers:
                each.start()
            time.sleep(4)
            for each in self.servers:
                each.kill()

    def refuse_writes(self) -> None:
        """For a second nobody may write: SQLite's files may not grow, PostgreSQL is read-only."""
        if self.kind == "postgresql":
            self._let_postgresql("SET default_transaction_read_only = on")
            time.sleep(1)
            self._let_postgresql("RESET default_transaction_read_only")
            return
        writers = [worker for each in self.servers for worker in each.workers()]
        for limit in (4096, -1):
            _each(writers, lambda writer, limit=limit: writer.rlimit(psutil.RLIMIT_FSIZE, (limit, -1)))
            time.sleep(1 if limit > 0 else 0)

    def _let_postgresql(self, setting: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM {setting}")
            connection.execute("SELECT pg_reload_conf()")

    def move_clock(self) -> None:
        """The clock of one server jumps and stays."""
        self.random.choice(self.servers).set_clock(self.random.choice(HOURS) * 3600)

    def send_slowly(self) -> None:
        """Twenty bodies that come a byte at a time and never end."""
        start = f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n".encode()
        with contextlib.ExitStack() as opened:
            lines = []
            for each in [*self.servers] * 10:
                with contextlib.suppress(OSError):
                    lines.append(opened.enter_context(socket.create_connection(("127.0.0.1", each.port), timeout=5)))
            for piece in (start, *(b"x" for _second in range(4))):
                for line in lines:
                    with contextlib.suppress(OSError):
                        line.sendall(piece)
                time.sleep(0.4)

    def cut_connections(self) -> None:
        """Requests whose sender is gone before the answer, in the middle of a body, or in the middle of a line."""
        whole = f"GET {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        body = f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\ncomment=".encode()
        for each in [*self.servers] * 10:
            for said in (whole, body, whole[:20]):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", each.port), 5) as line:
                    line.sendall(said)


@contextlib.contextmanager
def _down(servers: Sequence[Server]) -> Iterator[None]:
    for each in servers:
        each.kill()
    try:
        yield
    finally:
        for each in servers:
            each.start()


def _each(processes: Sequence[psutil.Process], act: Callable[[psutil.Process], object]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            act(process)
