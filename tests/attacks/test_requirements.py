"""The list of requirements in docs/security.md: each says how it is met, and by a test that exists, or why not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"\d+(?:\.\d+){0,2}")
CHAPTERS = 17  # of ASVS 5.0


def requirements() -> list[tuple[str, str, str]]:
    """Number, how it is met and what holds it, row by row."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    section = page.partition("## Requirements")[2].partition("\n## ")[0]
    return re.findall(r"^- \*\*(.+?)\*\*:((?:.|\n  (?!- ))+)\n  - test:((?:.|\n  )+)", section, re.MULTILINE)


def numbers() -> list[str]:
    return [number for given, _how, _held in requirements() for number in NUMBER.findall(given)]


def test_every_requirement_names_a_test_or_a_page_that_is_there_or_says_why_it_does_not_apply() -> None:
    rows = requirements()
    assert len(rows) > 60
    wrong = []
    for number, how, held in rows:
        tests = re.findall(r"`(tests/[^`]+)`", held)
        pages = re.findall(r"\]\(([^)#]+)", held)
        missing = [name for name in tests if not (ROOT / name).exists()]
        missing += [name for name in pages if not (ROOT / "docs" / name).exists()]
        if missing or not (tests or pages or "does not apply" in f"{how} {held}"):
            wrong.append(f"{number}: {missing or 'nothing holds it'}")
    assert not wrong, "\n".join(wrong)


def test_a_named_test_holds_something() -> None:
    named = {name for _number, _how, held in requirements() for name in re.findall(r"`(tests/[^`]+)`", held)}
    files = [file for name in named for file in ([ROOT / name] if name.endswith(".py") else (ROOT / name).glob("*.py"))]
    assert len(files) > 30
    single = [file for file in files if file.name.startswith("test_")]
    assert [file.name for file in single if "\ndef test_" not in file.read_text(encoding="utf-8")] == []


def test_no_requirement_stands_twice_and_no_chapter_is_left_out() -> None:
    every = numbers()
    assert sorted(number for number in set(every) if every.count(number) > 1) == []
    assert {int(number.partition(".")[0]) for number in every} == set(range(1, CHAPTERS + 1))
