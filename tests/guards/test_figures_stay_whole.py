"""No line of a page begins with "%": what a page says of "90 %" keeps figure and sign together."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from markupsafe import escape

from analysis.presentation.phrases import COMPARATORS, unbroken
from tests.guards.source import ROOT

WITH_PERCENT = re.compile(r'(?<!\w)_\("(?=[^"]*\d %%)')


def end_of_call(source: str, start: int) -> int:
    """Where the call ends whose opening bracket stands before `start`."""
    depth, quoted, at = 1, False, start
    while depth:
        quoted ^= source[at] == '"'
        if not quoted:
            depth += {"(": 1, ")": -1}.get(source[at], 0)
        at += 1
    return at


def breakable() -> Iterator[str]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        for call in WITH_PERCENT.finditer(source):
            if not source.startswith("|unbroken", end_of_call(source, call.start() + 2)):
                yield f"{path.relative_to(ROOT)}: {source[call.start() : call.start() + 60]}"


def test_every_text_with_a_percentage_is_unbroken() -> None:
    assert not list(breakable())


@pytest.mark.parametrize("sign", COMPARATORS.values())
def test_a_level_keeps_its_sign_in_a_text_marked_safe_too(sign: str) -> None:
    for text in (f"so với mốc {sign} 60 %.", escape(f"so với mốc {sign} 60 %.")):
        kept = unbroken(text)
        assert type(kept) is type(text)
        assert str(kept).replace("&gt;", ">") == f"so với mốc {sign}\xa060\xa0%."
