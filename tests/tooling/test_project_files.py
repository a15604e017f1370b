"""What newcomers and servers rely on: make targets, locked and explained dependencies, nothing bound to one machine."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.branches import AT_MOST, PROGRAM, told_lines

ROOT = Path(__file__).parents[2]


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_make_help_lists_every_promised_target() -> None:
    answer = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    promised = {
        "install",
        "install-test",
        "run",
        "test",
        "test-spark",
        "check",
        "lint",
        "format",
        "types",
        "lock",
        "translate",
        "mutate",
        "schemas",
        "help",
    }
    assert {line.split()[0] for line in answer.splitlines()} == promised


@pytest.mark.parametrize(("some", "told"), [("", True), ("--quiet", True), ("tests/kiosk -k offline", False)])
def test_branches_are_told_where_all_tests_run(some: str, told: bool) -> None:
    asked = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "test", f"PYTEST_ARGS={some}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (line,) = [line for line in asked.splitlines() if "/pytest " in line]
    assert ("TELL_BRANCHES=1 " in line) is told


def test_branches_are_told_of_the_whole_program_with_the_thinnest_files_first() -> None:
    half = {"executed_branches": [[1, 2]], "missing_branches": [[1, 0]]}
    none = {"executed_branches": [], "missing_branches": [[1, 2], [1, 0]]}
    whole = {"executed_branches": [[1, 2], [1, 0]], "missing_branches": []}
    straight = {"executed_branches": [], "missing_branches": []}
    said = list(told_lines({"half.py": half, "none.py": none, "whole.py": whole, "straight.py": straight}))
    assert said == ["50.0 % of 6 branches in 3 files", "  0.0 % none.py (0 of 2)", " 50.0 % half.py (1 of 2)"]
    many = list(told_lines({f"{number}.py": none for number in range(AT_MOST + 3)}))
    assert (len(many), many[-1]) == (1 + AT_MOST + 1, "and 3 more below 80 %")
    assert set(PROGRAM) == {"survey", "kiosk", "analysis"}


def test_a_renewed_lock_takes_no_version_younger_than_a_week_and_pins_hashes() -> None:
    asked = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "lock"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    locking = [line for line in asked.splitlines() if "pip compile" in line]
    assert [line.split()[-1] for line in locking] == [
        *("requirements.txt", "requirements-test.txt", "requirements-spark.txt")
    ]
    assert [line for line in locking if "--exclude-newer '7 days'" not in line or "--generate-hashes" not in line] == []


def test_hooks_before_a_commit_say_what_lint_and_types_say_and_fetch_nothing() -> None:
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert [hook["entry"] for hook in hooks] == ["make lint", "make types", ".ci/commit-subject"]
    assert [hook["id"] for hook in hooks if hook["language"] != "system"] == []
    assert [hook["id"] for hook in hooks if hook.get("pass_filenames", True)] == ["subject"]


@pytest.mark.parametrize(
    ("message", "allowed"),
    [
        ("Say what it does", True),
        ("x" * 72, True),
        ("x" * 73, False),
        ("ớ" * 72 + "\n\nA body may be as long as it needs: " + "x" * 200, True),
        ("# a comment of Git's\n\n" + "ớ" * 73, False),
        ("Merge branch " + "x" * 80, True),
    ],
)
def test_a_commits_subject_has_at_most_72_characters(tmp_path: Path, message: str, allowed: bool) -> None:
    (tmp_path / "message").write_text(f"{message}\n", encoding="utf-8")
    asked = subprocess.run([ROOT / ".ci/commit-subject", tmp_path / "message"], capture_output=True, check=False)
    assert asked.returncode == (0 if allowed else 1)
    assert bool(asked.stderr) is not allowed


def test_ci_looks_at_the_subjects_that_the_main_branch_does_not_have(tmp_path: Path) -> None:
    def git(*arguments: str, where: str = "branch") -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.vn")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path / where, check=True, capture_output=True)

    def refused(where: str = "branch", **settings: str) -> bool:
        asked = [ROOT / ".ci/commit-subject", "--new"]
        told = subprocess.run(asked, cwd=tmp_path / where, env=os.environ | settings, capture_output=True, check=False)
        assert (told.returncode == 1) == ("at most 72" in told.stderr.decode())
        return told.returncode != 0

    def commit(subject: str, where: str = "branch") -> None:
        git("commit", "--allow-empty", "-m", subject, where=where)

    (tmp_path / "main").mkdir()
    git("init", "-q", "-b", "main", where="main")
    assert not refused("main"), "nothing was committed yet"
    commit("x" * 80, "main")
    assert not refused("main"), "no remote: history is as it is"
    git("clone", "-q", "main", "branch", where=".")
    assert not refused(), "a fresh clone"
    commit("Say what it does")
    assert not refused()
    commit("y" * 73)
    assert refused()
    assert not refused(CI_BASE="HEAD"), "CI says what is new"
    assert refused(CI_BASE="HEAD~1")
    git("clone", "-q", "--depth", "1", f"file://{tmp_path}/branch", "shallow", where=".")
    assert not refused("shallow")
    (tmp_path / "no-git").mkdir()
    assert not refused("no-git", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert ".ci/commit-subject --new\n" in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.in", "requirements-test.in"])
def test_each_direct_dependency_has_its_reason(name: str) -> None:
    dependencies = [line for line in lines(name) if re.match(r"[A-Za-z]", line)]
    assert dependencies
    assert [line for line in dependencies if not re.search(r"\S\s+# \S+ \S+", line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_the_lock_pins_and_hashes_everything_and_names_no_machine(name: str) -> None:
    text = "\n".join(lines(name))
    entries = re.split(r"\n(?=[a-z])", text)
    assert len(entries) > 10
    assert [entry for entry in entries if "==" not in entry.splitlines()[0] or "--hash=sha256:" not in entry] == []
    assert re.search(r"://|file:|--(extra-)?index-url|--find-links", text) is None


def test_tests_run_against_the_versions_that_production_runs() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", "\n".join(lines(name)), flags=re.MULTILINE))

    production, tests = versions("requirements.txt"), versions("requirements-test.txt")
    shared = production.keys() & tests.keys()
    assert {"flask", "numpy", "sqlalchemy"} <= shared
    assert {name: tests[name] for name in shared} == {name: production[name] for name in shared}


def test_the_lock_has_every_direct_dependency() -> None:
    for name in ("requirements", "requirements-test"):
        wanted = {
            re.split(r"[\[>=<\s]", line)[0].lower() for line in lines(f"{name}.in") if re.match(r"[A-Za-z]", line)
        }
        locked = {re.split(r"\[|==", line)[0] for line in lines(f"{name}.txt") if "==" in line}
        assert wanted - locked == set()
