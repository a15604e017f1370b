"""Every file of our JavaScript is linted and type-checked, strictly, by tools that are pinned by hash."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".ci/js"
VENDORED = ROOT / "static/vendor"


def read(name: str) -> Any:
    return json.loads((TOOLS / name).read_text(encoding="utf-8"))


def ours() -> list[Path]:
    return [path for path in (ROOT / "static").rglob("*.js") if VENDORED not in path.parents]


def included(name: str) -> set[Path]:
    """The scripts that a configuration of the type checker names."""
    configuration = read(name)
    named = {path.resolve() for pattern in configuration["include"] for path in TOOLS.glob(pattern)}
    return {path for path in named if path.suffix == ".js"} - {
        (TOOLS / path).resolve() for path in configuration["exclude"]
    }


def test_every_script_is_type_checked_once_and_strictly() -> None:
    page, worker = included("tsconfig.json"), included("tsconfig.worker.json")
    assert page | worker == set(ours())
    assert page & worker == set()
    assert read("tsconfig.worker.json")["extends"] == "./tsconfig.json"
    options = read("tsconfig.json")["compilerOptions"]
    assert (options["strict"], options["checkJs"]) == (True, True)
    assert [name for name, value in options.items() if name.startswith("no") and value is not True] == []


def test_no_script_tells_the_checkers_to_look_away() -> None:
    away = re.compile(r"@ts-(?:ignore|nocheck|expect-error)|eslint-disable|@type \{(?:any|\*)\}")
    assert [str(path) for path in ours() if away.search(path.read_text(encoding="utf-8"))] == []


def test_the_tools_are_pinned_with_their_hashes_and_no_address_of_a_machine() -> None:
    wanted = read("package.json")["devDependencies"]
    assert {"eslint", "typescript"} <= set(wanted)
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    lock = read("package-lock.json")["packages"]
    assert lock.pop("")["devDependencies"] == wanted
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in lock.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in lock.items() if "resolved" in package or package.get("hasInstallScript")] == []


def test_the_types_of_each_vendored_library_are_those_of_its_release() -> None:
    wanted = read("package.json")["devDependencies"]
    for page in VENDORED.glob("*/README.md"):
        assert page.read_text("utf-8").startswith(f"{page.parent.name} {wanted[page.parent.name]} ")


def test_make_lint_checks_them() -> None:
    asked = ["make", "--no-print-directory", "--dry-run", "lint"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert ".ci/js/check" in told.splitlines()
