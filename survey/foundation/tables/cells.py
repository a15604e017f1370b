"""What a reader gives: sheets of rows of cells. A cell is a text that may know it was stored as something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


class NumberCell(str):
    """A cell stored as a number, as text.

    `fixed`: its format says how many digits there are ("00123"). `day_zero`: which day of Excel's calendar is its 0, if
    it stands for a day: 0, or 1462 in workbooks that count from 1904.
    """

    fixed: bool
    day_zero: int

    def __new__(cls, text: str, *, fixed: bool = False, day_zero: int = 0) -> Self:
        """A number's text."""
        cell = super().__new__(cls, text)
        cell.fixed, cell.day_zero = fixed, day_zero
        return cell


class DayCell(str):
    """A cell stored as a day or a time, as text: where a code or a name was typed, the spreadsheet has changed it."""


class BrokenCell(str):
    """A cell without a value: a formula whose result the file does not keep, or an error of Excel's."""

    is_formula: bool

    def __new__(cls, text: str, *, is_formula: bool) -> Self:
        """The formula or the error, as text."""
        cell = super().__new__(cls, text)
        cell.is_formula = is_formula
        return cell


FileLine = tuple[int, list[str]]  # the line's number in the file, from 1, and its cells


@dataclass(frozen=True)
class Unseen:
    """Hidden lines (from 1), hidden columns (from 0), and cells merged downwards: column, first line, last line."""

    lines: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int], ...] = ()


ALL_SEEN = Unseen()


@dataclass(frozen=True)
class Worksheet:
    """A sheet's lines that hold anything. `strict`: every line must have as many cells as the header (CSV).

    `unseen`: what a spreadsheet does not show of it, and which cells it shows as one.
    """

    title: str
    visible: bool
    lines: list[FileLine]
    strict: bool = False
    unseen: Unseen = ALL_SEEN


@dataclass(frozen=True)
class Workbook:
    """All sheets of a file, and what was read in an unusual way, in words."""

    sheets: list[Worksheet]
    notes: tuple[str, ...] = ()


class TableRefused(ValueError):
    """The file cannot be read surely: what is wrong, how to mend it, and the line if it is one."""

    def __init__(self, message: str, mend: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.line = line
