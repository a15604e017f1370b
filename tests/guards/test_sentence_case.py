"""Periods keep their Roman numerals where a sentence begins with them."""

from __future__ import annotations

import re

from survey.foundation.formatting import sentence_case
from tests.guards.source import ROOT


def test_only_the_first_letter_is_raised() -> None:
    assert sentence_case("quý III/2026") == "Quý III/2026"
    assert sentence_case("") == ""


def test_no_template_uses_the_filter_that_lowers_the_rest() -> None:
    found = [
        str(path) for path in (ROOT / "templates").rglob("*.html") if re.search(r"\|\s*capitalize", path.read_text())
    ]
    assert found == []
