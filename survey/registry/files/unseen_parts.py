"""What a spreadsheet hides or shows as one cell: said, and read as whoever made it means it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from survey.foundation.formatting import with_count
from survey.foundation.tables.cells import FileLine, Unseen
from survey.registry.files.columns import whole_number
from survey.registry.files.headings import Headings
from survey.registry.files.problems import Problems, shortened


def each_with_its_own(
    lines: Sequence[FileLine], header: Sequence[str], unseen: Unseen, headings: Headings, problems: Problems
) -> list[FileLine]:
    """The lines where a cell merged downwards stands in each; one of a count is left alone, or it would be summed."""
    names = {column.name for column in headings.columns if column.parse is not whole_number}
    numbers = [number for number, _cells in lines]
    filled = [(number, list(cells)) for number, cells in lines] if unseen.merged else list(lines)
    used: dict[str, int] = {}
    for place, first, last in _apart(unseen.merged):
        column = headings.column(header[place]) if place < len(header) else None
        inside = filled[bisect_left(numbers, first) : bisect_right(numbers, last)]
        if column not in names or len(inside) < 2 or inside[0][0] != first or place >= len(inside[0][1]):
            continue
        for _number, cells in inside[1:]:
            cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = inside[0][1][place]
        used[column] = used.get(column, 0) + 1
    for column, areas in used.items():
        problems.note(
            with_count(
                "Cột %(name)s có %(n)s ô gộp: mỗi dòng lấy giá trị của ô gộp.", areas, name=problems.called(column)
            )
        )
    return filled


def _apart(merged: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Merged cells without those that lie over another one, which no spreadsheet writes."""
    place_before, last_before = -1, 0
    for place, first, last in sorted(merged):
        if place != place_before or first > last_before:
            place_before, last_before = place, last
            yield place, first, last


def note_hidden(
    lines: Sequence[FileLine], header: Sequence[str], unseen: Unseen, headings: Headings, problems: Problems
) -> None:
    """Hidden lines are read and said; hidden columns too, where they are columns of this kind."""
    hidden = [number for number, _cells in lines if number in unseen.lines]
    if hidden:
        shown = ", ".join(map(str, hidden[:5])) + (", …" if len(hidden) > 5 else "")
        problems.note(_("%(n)s dòng bị ẩn trong trang tính vẫn được đọc: dòng %(lines)s.", n=len(hidden), lines=shown))
    named = [(name, headings.column(name)) for place, name in enumerate(header) if place in unseen.columns and name]
    if read := [f"“{shortened(name)}”" for name, column in named if column]:
        problems.note(_("Cột bị ẩn vẫn được đọc: %(names)s.", names=", ".join(read)))
    if passed := [f"“{shortened(name)}”" for name, column in named if not column]:
        problems.note(_("Bỏ qua cột bị ẩn %(names)s.", names=", ".join(passed)))
