"""One directory per test run, shared by all xdist workers: the database server and template databases lie there."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres_server

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30  # bytes free
# Names a directory that outlives the run: `.ci/mutate` starts thousands of runs, which share one server and its worlds.
SHARED = "TESTS_RUN_DIRECTORY"
_DIRECTORY = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process makes the directory; a worker is told where it is."""
    workerinput = getattr(config, "workerinput", None)
    given = workerinput["run_directory"] if workerinput else os.environ.get(SHARED)
    if given:
        config.stash[_DIRECTORY] = Path(given)
        return
    directory = Path(tempfile.mkdtemp(prefix="hai-long-tests-", dir=_fastest_place()))
    directory.chmod(0o755)  # PostgreSQL refuses to run as root, so another account must reach its files
    config.stash[_DIRECTORY] = directory


def _fastest_place() -> str | None:
    """Memory where there is plenty: databases are copied by the thousand, and none has to outlive the run."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        return str(MEMORY)
    return None  # the system's own choice


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist calls this in the controlling process for each worker it starts."""
    node.workerinput["run_directory"] = str(node.config.stash[_DIRECTORY])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started and remove what it left; the controlling process ends last."""
    if hasattr(config, "workerinput") or _DIRECTORY not in config.stash or SHARED in os.environ:
        return
    directory = config.stash[_DIRECTORY]
    postgres_server.stop(directory)
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def run_directory(pytestconfig: pytest.Config) -> Path:
    """The directory of this run."""
    return pytestconfig.stash[_DIRECTORY]


@contextmanager
def locked(directory: Path, name: str) -> Iterator[None]:
    """Only one process of the run at a time is inside a lock of the same name."""
    with (directory / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def unique_name() -> str:
    """A name no other test of this run uses."""
    return f"t{os.getpid()}_{os.urandom(6).hex()}"
