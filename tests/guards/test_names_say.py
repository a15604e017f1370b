"""A local name says what it holds: "found" and "one" say only that something was looked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards.source import ROOT

SAY_NOTHING = {"found", "one"}
EVERYWHERE = ("survey", "kiosk", "analysis", "migrations", "benchmarks", ".ci", "deploy")


def bound(folder: Path) -> Iterator[str]:
    """Where a name that says nothing is given to something."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in SAY_NOTHING
            if is_bound or (isinstance(node, ast.arg) and node.arg in SAY_NOTHING):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def test_no_local_of_the_program_is_called_found_or_one() -> None:
    folders = [ROOT / name for name in EVERYWHERE]
    assert all(folder.is_dir() for folder in folders)
    assert [place for folder in folders for place in bound(folder)] == []
