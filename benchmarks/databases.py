"""Where a benchmark's answers lie: a SQLite file or a PostgreSQL server in a folder, temporary or kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg

from tests.support import postgres_server

KINDS = ("sqlite", "postgresql")
Outcome = TypeVar("Outcome")


@contextmanager
def folder_at(kept: Path | None, parent: Path | None = None) -> Iterator[Path]:
    """The folder to keep (made if need be), or a temporary one in `parent` that goes away."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(dir=parent, prefix="benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL does not run as root; its own folder inside is closed
        yield folder


def is_filled(folder: Path, kind: str) -> bool:
    """Whether a database of this kind lies there."""
    return (folder / ("postgresql" if kind == "postgresql" else "answers.sqlite3")).exists()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of the folder's database, empty if it is new. PostgreSQL runs as long as the block."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'answers.sqlite3'}"
        return
    url = postgres_server.start(folder)
    try:
        with psycopg.connect(url.format("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'answers'").fetchone():
                connection.execute("CREATE DATABASE answers")
        yield url.format("answers")
    finally:
        postgres_server.stop(folder)


def on_each(kinds: Sequence[str], run: Callable[..., Outcome], *asked: object) -> list[Outcome]:
    """What a run on each kind gives, all at the same time, each in a process of its own."""
    with ProcessPoolExecutor(len(kinds), mp_context=get_context("spawn")) as pool:
        return [each.result() for each in [pool.submit(run, kind, *asked) for kind in kinds]]


def server(folder: Path) -> psutil.Process | None:
    """PostgreSQL's first process, while one runs there."""
    pid_file = folder / "postgresql" / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().split()[0])) if pid_file.exists() else None
