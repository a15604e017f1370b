"""Headers of two or three lines: groups above ("Kết quả giải quyết"), their columns below ("Số hồ sơ", "Quá hạn")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from survey.foundation.tables.cells import FileLine
from survey.registry.files.dates import is_month_heading, month_alone
from survey.registry.files.headings import Headings
from survey.registry.files.month_columns import UNDER, month_over
from survey.registry.files.words import counts_others, is_ordinal, plain_words

_YEAR = re.compile(r"\b20\d\d\b")
_MOST_LINES = 3
_NUMBERS = re.compile(r"^[\s\d.,()%=+-]+$")
_OVER_MONTHS = re.compile(r"\b(?:thang|nam)\b")


def header_at(lines: Sequence[FileLine], position: int, headings: Headings) -> tuple[list[str], int]:
    """The header that begins at a line, and how many lines it takes: two where the second names more columns.

    Where both lines name a column, the lower one does: the upper one is the group's name. Else a line that holds
    anything but names of columns is data, unless it can only be the columns of groups.
    """
    upper = lines[position][1]
    if headings.more_fit:
        upper = _months_named(upper, under=any(map(headings.column, upper)))
    if position + 1 == len(lines):
        return upper, 1
    lower = lines[position + 1][1]
    if headings.more_fit:
        first = next((place for place, cell in enumerate(lower) if cell.strip() == "1"), 0)
        group = next((cell for cell in reversed(upper[: first + 1]) if cell.strip()), "")
        lower = _months_named(lower, under=bool(_OVER_MONTHS.search(plain_words(group))))
    joined = [below if below.strip() else above for above, below in zip_longest(upper, lower, fillvalue="")]
    if _names_columns_only(lower, headings) and headings.fit(joined) > max(headings.fit(upper), headings.fit(lower)):
        return _in_groups(upper, lower, headings) if headings.more_fit else joined, 2
    header, height = upper, 1
    while height < _MOST_LINES and position + height < len(lines):
        lower, groups = lines[position + height][1], _each_month_once(header)
        if not _is_under(groups, lower, headings):
            break
        header, height = _in_groups(groups, lower, headings), height + 1
    return header, height


def _each_month_once(cells: Sequence[str]) -> list[str]:
    """A header in which a month that stands over each of its columns stands over the first, as a merged cell does."""
    before = ["", *cells]
    return ["" if cell == before[place] and is_month_heading(cell) else cell for place, cell in enumerate(cells)]


def _is_under(upper: Sequence[str], lower: Sequence[str], headings: Headings) -> bool:
    """Whether a line names the columns of groups: words under groups and beside them, nothing under other columns."""

    def is_blank(cells: Sequence[str], place: int) -> bool:
        return place >= len(cells) or not cells[place].strip()

    words = [place for place in range(len(lower)) if not is_blank(lower, place)]
    gaps = [place for place in words if is_blank(upper, place)]
    groups = {place for place in words if place + 1 in gaps and not is_blank(upper, place)}
    known = [place for place, name in enumerate(upper) if headings.column(name) and place not in groups]
    return (
        bool(groups and known)
        and not any(_NUMBERS.match(lower[place]) for place in words)
        and all(is_blank(lower, place) for place in known)
    )


def _months_named(cells: Sequence[str], *, under: bool) -> list[str]:
    """A header whose months are only numbered, 1 to at most 12 in a row: each called by its name.

    `under`: a column is named in the same line, or months or a year above; else these are the numbers of columns.
    """
    first = next((place for place, cell in enumerate(cells) if cell.strip() == "1"), len(cells))
    numbers = [cell.strip() for cell in cells[first : first + 12]]
    run = next((n for n, cell in enumerate(numbers) if cell != str(n + 1)), len(numbers))
    if run < 3 or not under:
        return list(cells)
    return [f"Tháng {cell.strip()}" if first <= place < first + run else cell for place, cell in enumerate(cells)]


def _in_groups(upper: Sequence[str], lower: Sequence[str], headings: Headings) -> list[str]:
    """Columns with what their group tells of them: which of several years, or that they count other things.

    A count under "Tiếp nhận" or "Cùng kỳ năm trước" is none of what was handled then: called so, it is a column nobody
    knows. Columns that nobody knows anyway are called by their group too, for people who say what they hold.
    """
    several_years = len({year[0] for cell in upper if (year := _YEAR.search(cell))}) > 1
    joined, group = [], ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above if above.strip() else group
        month, year = month_alone(below) if below.strip() else None, _YEAR.search(group)
        of_others = counts_others(plain_words(group))
        unknown = group.strip() and not (headings.column(below) or is_ordinal(below) or month)
        in_month = month_over(group) or is_month_heading(group.strip())
        over = in_month and headings.column(below) in (None, "count", "overdue")
        if below.strip() and (of_others or unknown or over):
            joined.append(f"{group.strip()}{UNDER}{below.strip()}")
        elif several_years and month and year:
            joined.append(f"{month}/{year[0]}")
        else:
            joined.append(below if below.strip() else above)
    return joined


def _names_columns_only(cells: Sequence[str], headings: Headings) -> bool:
    return all(
        headings.column(cell) or is_ordinal(cell) or (headings.more_fit and is_month_heading(cell))
        for cell in cells
        if cell.strip()
    )
