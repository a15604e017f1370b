"""A citizen's words open as a formula in an official's spreadsheet, whatever it takes for the end of a cell."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.foundation.tables.csv_output import BOM, csv_text

FORMULA = re.compile(r"[ \"]*([=+@]|-[^;\t\r\n]*[(|!])")
BEGINS = tuple("=+-@")
HABITS = ";\t"  # what separates the cells of a list, by the country of the office's computer
ATTACKS = (
    "=HYPERLINK(1)",
    "chờ lâu;=cmd|'/c calc'!A0;thế thôi",
    "chờ lâu\n=cmd|'/c calc'!A0",
    "chờ lâu\t@SUM(1)",
    "chờ lâu; +1+cmd|'/c calc'!A0",
    'chờ lâu;"=1+1',
    "chờ lâu\n-2+3+cmd|'/c calc'!A0",
    "chờ lâu;- 2+cmd|'/c calc'!A0",
)
PLAIN = ("Góp ý:\n- chờ lâu\n- nóng quá", "A; B; C", "5 - 3", "a=b", "Sáng 8-9 giờ; chiều 2-3 giờ")


def cells(text: str, separator: str) -> list[str]:
    """The cells of a spreadsheet that knows no quotes inside a line: the worst reading there is."""
    return [cell for line in re.split(r"[\r\n]+", text.removeprefix(BOM)) for cell in line.split(separator)]


def formulas(comment: str) -> list[str]:
    text = "".join(csv_text(("ngày", "ý kiến"), [("2026-10-12", comment)]))
    cut = [cell for separator in HABITS for cell in cells(text, separator)]
    whole = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    return [cell for cell in cut if FORMULA.match(cell)] + [cell for cell in whole if cell.lstrip(" ")[:1] in BEGINS]


@pytest.mark.parametrize("comment", ATTACKS)
def test_no_words_become_a_formula(comment: str) -> None:
    assert formulas(comment) == []


@given(st.text(alphabet=" ;\t\n\r\"'=+-@a1(|!", max_size=12))
def test_no_string_at_all_becomes_one(comment: str) -> None:
    assert formulas(comment) == []


@pytest.mark.parametrize("comment", PLAIN)
def test_what_is_no_formula_stays_as_it_was_written(comment: str) -> None:
    (row,) = list(csv.reader(io.StringIO("".join(csv_text(("ý kiến",), [(comment,)]))[1:])))[1:]
    assert row == [comment]
