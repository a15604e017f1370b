"""Periods keep their Roman numerals where a sentence begins with them."""

from __future__ import annotations

import re

from survey.foundation.formatting import sentence_case
from tests.guards.source import PACKAGES, ROOT


def test_only_the_first_letter_is_raised() -> None:
    assert sentence_case("quý III/2026") == "Quý III/2026"
    assert sentence_case("") == ""


def test_nothing_uses_what_lowers_the_rest() -> None:
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")),
    ]
    assert [str(path) for path in files if re.search(r"\|\s*capitalize|\.capitalize\(\)", path.read_text())] == []
