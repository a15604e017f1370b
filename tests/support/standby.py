"""Debian's PostgreSQL twice, the second a streaming standby of the first, as a province on several machines has them.

On loopback, run by an ordinary user, each behind a pgbouncer of its own where that is asked for.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.faults.servers import free_port
from tests.support.databases import PostgreSQLDatabases
from tests.support.postgres_server import CONFIGURATION
from tests.support.programs import PATIENCE, of_ordinary_user, program, wait_until
from tests.support.run_directory import unique_name

# What is acknowledged is in the log that the standby follows.
_PRIMARY = (
    f"{CONFIGURATION}\nsynchronous_commit = on\nwal_level = replica\nmax_wal_senders = 4\nwal_keep_size = 256MB\n"
)
_POOLER = """[databases]
* = host=127.0.0.1 port={server} user=postgres {query}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
query_wait_timeout = 5
"""
# As the run book has it: what the program sets of a connection does not reach those that a pooler takes afterwards.
CONNECT_QUERY = (
    "connect_query='SELECT set_config(''synchronous_commit'', ''on'', false) "
    "WHERE current_setting(''synchronous_commit'') = ''off''; SET extra_float_digits TO 1'"
)
FEW = 3  # connections of a pooler, fewer than there are visitors at once


@dataclass
class PostgreSQL:
    """One server on a port of loopback, its data in `folder`."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def url(self, name: str = "postgres", port: int | None = None) -> str:
        """The address of a database, maybe by the port of what stands before the server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{port or self.port}/{name}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [program("postgres"), "-D", str(self.folder), "-p", str(self.port)]
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        self.process = _started([*command, *options], self.folder)
        wait_until(lambda: _answers(self.port), "PostgreSQL")

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return self.process is not None

    def stop(self) -> None:
        """Take it away: sessions are ended, not waited for."""
        _end(self.process, signal.SIGINT)
        self.process = None


@dataclass
class Pair:
    """A primary and its standby; `pooled` by the ports of pgbouncer before each."""

    primary: PostgreSQL
    standby: PostgreSQL
    databases: PostgreSQLDatabases
    poolers: tuple[int, int] | None = None

    def urls(self, url: str) -> tuple[str, str]:
        """Where a program writes and reads the database that `databases` gave: `DATABASE_URL`, `DATABASE_READ_URL`."""
        name = url.rpartition("/")[2]
        primary, standby = self.poolers or (None, None)
        return self.primary.url(name, primary), self.standby.url(name, standby)

    def catch_up(self) -> None:
        """Wait until all that was written is there."""
        with psycopg.connect(_plain(self.primary)) as connection:
            written = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        assert written
        there = f"SELECT pg_last_wal_replay_lsn() >= '{written[0]}'::pg_lsn"
        wait_until(lambda: self._of_standby(there) == [(True,)], "the standby")

    def pause(self, *, paused: bool) -> None:
        """Let the standby fall behind, or go on."""
        self._of_standby(f"SELECT pg_wal_replay_{'pause' if paused else 'resume'}()")
        state = "paused" if paused else "not paused"
        wait_until(lambda: self._of_standby("SELECT pg_get_wal_replay_pause_state()") == [(state,)], "the standby")

    def _of_standby(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(_plain(self.standby), autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def streaming_pair(run_directory: Path, *, pooled: bool = False) -> Iterator[Pair]:
    """A primary, whose databases are made as those of other tests, and what follows it; all end with the block."""
    folder = run_directory / unique_name()
    folder.mkdir()
    with ExitStack() as stack:
        primary = PostgreSQL(_folder(folder, "primary"), free_port())
        _run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
             "-D", str(primary.folder), folder=primary.folder)  # fmt: skip
        with (primary.folder / "postgresql.conf").open("a") as configuration:
            configuration.write(_PRIMARY)
        stack.callback(primary.stop)
        primary.start()
        standby = PostgreSQL(_folder(folder, "standby"), free_port())
        _run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres",
             "-D", str(standby.folder), "-R", "-X", "stream", "-c", "fast", folder=standby.folder)  # fmt: skip
        stack.callback(standby.stop)
        standby.start()
        databases = PostgreSQLDatabases(folder, primary.url("{}"))
        stack.callback(databases.close)
        poolers = None
        if pooled:
            poolers = (stack.enter_context(_pooler(folder, primary)), stack.enter_context(_pooler(folder, standby)))
        yield Pair(primary, standby, databases, poolers)


@contextmanager
def _pooler(run: Path, server: PostgreSQL) -> Iterator[int]:
    """The port of a pgbouncer before a server."""
    folder, port = _folder(run, unique_name()), free_port()
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(_POOLER.format(server=server.port, port=port, size=FEW, query=CONNECT_QUERY))
    process = _started([program("pgbouncer"), str(configuration)], folder)
    try:
        wait_until(lambda: _answers(port), "pgbouncer")
        yield port
    finally:
        _end(process, signal.SIGTERM)


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir(mode=0o700)
    return folder


def _run(name: str, *arguments: str, folder: Path) -> None:
    done = subprocess.run([program(name), *arguments], capture_output=True, check=False, **of_ordinary_user(folder))
    assert done.returncode == 0, done.stderr.decode()


def _started(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **of_ordinary_user(folder),
        )


def _end(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is not None:
        process.send_signal(how)
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        psycopg.connect(host="127.0.0.1", port=port, dbname="postgres", user="postgres", connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _plain(server: PostgreSQL) -> str:
    return server.url().replace("+psycopg", "")
