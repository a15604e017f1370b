"""Long lines of our pages are wrapped without changing what a reader sees."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

LONG = " ".join(["word"] * 40)


def tool() -> ModuleType:
    """The tool, loaded from a folder that is no package."""
    specification = importlib.util.spec_from_file_location("wrap_docs", Path(__file__).parents[2] / ".ci/wrap_docs.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


wrap_docs = tool()


@pytest.mark.parametrize("before", ["", "- ", "12. ", "   ", "  * "])
def test_paragraphs_and_items_are_wrapped_under_their_own_beginning(before: str) -> None:
    lines = wrap_docs.wrap(f"{before}{LONG}\n").splitlines()
    assert len(lines) == 2
    assert max(map(len, lines)) <= wrap_docs.WIDTH
    assert lines[0].startswith(f"{before}word")
    assert lines[1].startswith(f"{' ' * len(before)}word")


@pytest.mark.parametrize("text", [f"| {LONG} |", f"# {LONG}", f"```sh\n{LONG}\n```", "x" * 200, f"`{LONG}`"])
def test_what_cannot_be_broken_stays_as_it_is(text: str) -> None:
    assert wrap_docs.wrap(f"{text}\n") == f"{text}\n"


def test_a_row_too_long_is_named_by_its_line_and_none_in_code_is() -> None:
    row = f"| {'x' * (wrap_docs.WIDTH - 4)} |"
    assert wrap_docs.long_rows(f"one\n\n| a |\n|---|\n{row}\n") == []
    assert wrap_docs.long_rows(f"one\ntwo\n\n| a |\n|---|\n{row} b |\n```\n{row} b |\n```\n") == [6]


def test_short_lines_stay_where_their_author_put_them() -> None:
    text = f"one\ntwo\n\n- three\n  four\n\n{LONG[:100]}\n"
    assert wrap_docs.wrap(text) == text


WORDS = st.lists(st.sampled_from(["a", "-", "1.", "#", "|", "`b c d`", "[e f](g)", "**h i**", "word" * 5]), min_size=1)


@given(WORDS)
def test_wrapping_keeps_every_word_and_begins_nothing_new(words: list[str]) -> None:
    text = " ".join(["begin", *words])
    lines = wrap_docs.wrap(text).split("\n")
    assert " ".join(line.strip() for line in lines) == text
    assert [line for line in lines[1:] if line.startswith(("-", "1.", "#", "|"))] == []
    assert wrap_docs.wrap("\n".join(lines)).split() == text.split()
