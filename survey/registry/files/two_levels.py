"""Headers of two lines: groups above ("Kết quả giải quyết"), their columns below ("Số hồ sơ", "Quá hạn")."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from survey.foundation.tables.cells import FileLine
from survey.registry.files.dates import is_month_heading
from survey.registry.files.headings import Headings
from survey.registry.files.words import is_ordinal


def header_at(lines: Sequence[FileLine], position: int, headings: Headings) -> tuple[list[str], int]:
    """The header that begins at a line, and how many lines it takes: two where the second names more columns.

    Where both lines name a column, the lower one does: the upper one is the group's name. A second line that holds
    anything but names of columns is data.
    """
    upper = lines[position][1]
    if position + 1 == len(lines):
        return upper, 1
    lower = lines[position + 1][1]
    joined = [below if below.strip() else above for above, below in zip_longest(upper, lower, fillvalue="")]
    if _names_columns_only(lower, headings) and headings.fit(joined) > max(headings.fit(upper), headings.fit(lower)):
        return joined, 2
    return upper, 1


def _names_columns_only(cells: Sequence[str], headings: Headings) -> bool:
    return all(
        headings.column(cell) or is_ordinal(cell) or (headings.more_fit and is_month_heading(cell))
        for cell in cells
        if cell.strip()
    )
