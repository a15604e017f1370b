"""Which program this is: its version, and the commit it was built from. Git is not needed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from survey.foundation.configuration.settings import ROOT

COMMIT_FILE = "survey/foundation/commit.txt"  # `git archive` writes the commit into it; so may whoever makes a package
SHORT = 12  # characters that name a commit in a document
HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@cache
def program_version() -> str:
    """The version in pyproject.toml, the only place that names it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


@cache
def program_commit() -> str | None:
    """The commit's full hash when the process first asked; None where neither a package nor a checkout says."""
    return commit_of(ROOT)


def program_name() -> str:
    """The version with the commit's first twelve characters, as documents say it: "1.2.3 (0123456789ab)"."""
    commit = program_commit()
    return f"{program_version()} ({commit[:SHORT]})" if commit else program_version()


def commit_of(root: Path) -> str | None:
    """The commit of a package or checkout at `root`, by reading its files.

    Git itself is not asked: a service's user may lack it, and Git refuses checkouts that belong to somebody else.
    """
    packaged = _read(root / COMMIT_FILE)
    return packaged if HASH.fullmatch(packaged) else _checked_out(_repository(root))


def _repository(root: Path) -> Path:
    git = root / ".git"
    elsewhere = _read(git) if git.is_file() else ""  # a worktree's says "gitdir: PATH"
    return root / elsewhere.removeprefix("gitdir: ") if elsewhere else git


def _checked_out(repository: Path) -> str | None:
    head = _read(repository / "HEAD")
    if HASH.fullmatch(head):
        return head
    name = head.removeprefix("ref: ")
    shared = repository / (_read(repository / "commondir") or ".")
    for line in (_read(shared / name), *_read(shared / "packed-refs").splitlines()):
        commit, _, packed = line.partition(" ")
        if packed in ("", name) and HASH.fullmatch(commit):
            return commit
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
