"""Programs of the system that tests start: where Debian puts them, run by an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 120  # seconds until something counts as stuck; a slow machine is no failure
POSTGRESQL = Path("/usr/lib/postgresql")  # Debian's, a folder for each version
ACCOUNT = "postgres"  # what Debian's package of the server makes


def program(name: str) -> str:
    """The path of a program. Where it is missing the test is skipped; in continuous integration it fails."""
    servers = sorted(POSTGRESQL.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    places = [*map(str, servers), os.environ.get("PATH", ""), "/usr/sbin"]
    path = shutil.which(name, path=os.pathsep.join(places))
    if path is None:
        missing = f"{name} is missing: deploy/install-test-tools installs it"
        pytest.fail(missing) if "CI" in os.environ else pytest.skip(missing)
    return path


def of_ordinary_user(folder: Path) -> dict[str, Any]:
    """How `subprocess` starts a server that refuses to run as root; the folder becomes its own."""
    options: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return options


def wait_until(state: Callable[[], bool], what: str = "this") -> float:
    """The instant (`time.monotonic`) when it was so."""
    give_up = time.monotonic() + PATIENCE
    while not state():
        assert time.monotonic() < give_up, f"{what} takes too long"
        time.sleep(0.05)
    return time.monotonic()
