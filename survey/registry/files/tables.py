"""A file as a header and lines of cells, whatever its format and wherever in it the table stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from survey.foundation.tables.cells import FileLine, TableRefused
from survey.foundation.tables.reading import read_sheets
from survey.registry.files.given import refuse_for_more
from survey.registry.files.headings import Headings
from survey.registry.files.layout import HeadedTable, find_table, leave_out
from survey.registry.files.problems import Problems
from survey.registry.files.sheets import SeveralTables

Chosen = Callable[[Sequence[str]], Mapping[str, str] | None]


@dataclass(frozen=True)
class FileTable:
    """The header's names, each line's cells (line number in the file, texts), and where the header stood.

    `titles` are the lines above the header, `written` is the header as it was written, `names` what a column beside the
    codes of a column calls them, by line; `between` are the lines among those of data that were passed over.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    line: int = 1
    titles: tuple[str, ...] = ()
    written: Sequence[str] = ()
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    between: Sequence[FileLine] = ()


def read_table(
    content: bytes, headings: Headings, problems: Problems, chosen: Chosen | None = None, sheet: str = ""
) -> FileTable:
    """Read a file by what it holds, not by what it is called.

    `chosen` gives, for a header that was seen before, the columns people chose for its headings; `sheet` is the title
    of the sheet that is meant where several hold such a table.

    Raises:
        MoreNeeded: several do, and none was named.
        ImportRefused: no table, one that cannot be read surely, damaged, empty, or formulas without results.
    """
    layout = open_table(content, headings, problems, sheet)
    remembered = chosen(layout.header) if chosen else None
    if remembered:
        headings = headings.choosing(remembered)
        problems.note(_("Các cột được đọc theo lựa chọn đã nhớ cho mẫu tệp này."))
    header, rows, names = leave_out(layout, headings, problems)
    kept = {line for line, _cells in rows}
    between = [(line, cells) for line, cells in layout.lines if line not in kept and line < max(kept, default=0)]
    return FileTable(header, rows, layout.line, layout.titles, layout.header, names, between)


def open_table(content: bytes, headings: Headings, problems: Problems, sheet: str = "") -> HeadedTable:
    """The sheet and header that fit best.

    Raises:
        MoreNeeded: several sheets do, and none was named.
        ImportRefused: the file cannot be read.
    """
    try:
        layout = find_table(read_sheets(content, headings.fit), headings, sheet)
    except SeveralTables as several:
        problems.add(several.message, several.mend)
        refuse_for_more(problems, ["sheet"], several.titles)
        raise
    except TableRefused as refusal:
        problems.add(refusal.message, refusal.mend, line=refusal.line)
        problems.refuse_if_any()
        raise
    for note in layout.notes:
        problems.note(note)
    return layout
