"""The list of requirements in docs/asvs.md: every one has its row, and what a row names is there."""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "asvs.md"
# Number and level of each requirement of levels 1 and 2, from the standard's own list.
STANDARD = ROOT / "tests" / "data" / "asvs_5_0_0.txt"
ROW = re.compile(r"^- \*\*([\d., -]+)\*\*:((?:.|\n  (?!- ))+)(?:\n  - held by:((?:.|\n  )+))?", re.MULTILINE)


def standard() -> list[str]:
    """The numbers in their order."""
    lines = STANDARD.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if not line.startswith("#")]


def rows() -> list[tuple[str, str, str]]:
    """Numbers, how they are met, what holds that: row by row."""
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def numbers_of(given: str) -> list[str]:
    """Each number of a row; a run is all that the standard has from its first to its last."""
    every, numbers = standard(), []
    for part in given.split(","):
        first, _, last = part.strip().partition("-")
        run = every[every.index(first) :]
        numbers += [*takewhile(lambda number, end=last or first: number != end, run), last or first]
    return numbers


def test_every_requirement_of_levels_1_and_2_has_one_row_and_no_other_number_has() -> None:
    given = [number for numbers, _how, _held in rows() for number in numbers_of(numbers)]
    assert len(standard()) == 253
    assert sorted({number for number in given if given.count(number) > 1}) == []
    assert sorted(set(standard()) - set(given)) == []
    assert sorted(set(given) - set(standard())) == []


def test_a_row_names_a_test_or_a_page_that_is_there_or_says_why_there_is_none() -> None:
    wrong = []
    for numbers, how, held in rows():
        tests = re.findall(r"`(tests/[^`]+)`", held)
        pages = [page for page in re.findall(r"\]\(([^)#]*)", held) if page]
        missing = [name for name in tests if not (ROOT / name).exists()]
        missing += [name for name in pages if not (PAGE.parent / name).exists()]
        told = re.search(r"\b(does not apply|not met)\b[^:]*:? ?\S{2,}", how)
        if missing or not (tests or "](" in held or told):
            wrong.append(f"{numbers}: {missing or 'nothing holds it'}")
    assert not wrong, "\n".join(wrong)


def test_a_named_test_holds_something() -> None:
    named = {name for _numbers, _how, held in rows() for name in re.findall(r"`(tests/[^`]+)`", held)}
    files = [file for name in named for file in ([ROOT / name] if name.endswith(".py") else (ROOT / name).glob("*.py"))]
    assert len(files) > 50
    single = [file for file in files if file.name.startswith("test_")]
    assert [file.name for file in single if "\ndef test_" not in file.read_text(encoding="utf-8")] == []


def test_what_is_not_met_is_counted_where_readers_look_first() -> None:
    unmet = [numbers_of(numbers) for numbers, how, _held in rows() if "not met" in how]
    told = " ".join((ROOT / "docs" / "security.md").read_text(encoding="utf-8").split())
    assert f"Not met: {sum(map(len, unmet))}," in told
