"""The type checker sees the whole program: what a model does not have is an error before it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import wsgi  # noqa: F401 - whoever imports it has loaded every model
from survey.foundation.storage.database import Base
from tests.guards.source import ROOT

FOLDERS = ("survey", "kiosk", "analysis", "typings", "migrations", "tests", "benchmarks", "deploy")
MOST_IGNORES = 25
MARK = "# type: " + "ignore"  # in two pieces, or this file would count itself


def written_by_us() -> list[Path]:
    return [ROOT / "wsgi.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]


def test_few_places_ask_the_type_checker_to_look_away() -> None:
    ignores = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in written_by_us()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MARK in line
    ]
    assert len(ignores) <= MOST_IGNORES, ignores


def test_every_model_has_the_base_that_the_type_checker_knows() -> None:
    assert [m.class_.__name__ for m in Base.registry.mappers if Base not in m.class_.__mro__] == []


def test_a_misspelt_column_of_any_model_is_an_error_for_the_type_checker(tmp_path: Path) -> None:
    models = sorted({mapper.class_ for mapper in Base.registry.mappers}, key=lambda model: model.__name__)
    spelt = {model: next(iter(model.__mapper__.column_attrs)).key for model in models}
    lines = [f"from {model.__module__} import {model.__name__}" for model in models]
    lines += [f"{model.__name__}.{column}" for model, column in spelt.items()]
    lines += [f"{model.__name__}.{column}_misspelt" for model, column in spelt.items()]
    probe = tmp_path / "probe.py"
    probe.write_text("\n".join(lines) + "\n", encoding="utf-8")

    told = checked(probe)

    assert [line.partition(" error: ")[2] for line in told if "error:" in line] == [
        f'"type[{model.__name__}]" has no attribute "{column}_misspelt"  [attr-defined]'
        for model, column in spelt.items()
    ]
    assert len(models) >= 35


def checked(probe: Path) -> list[str]:
    """What mypy says of a file, with the settings of the program."""
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    done = subprocess.run([*command, str(probe)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()
