"""A spreadsheet set to write the month first turns 05/03 into 3 May, and leaves 15/03, which it cannot read, a text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from flask_babel import gettext as _

from survey.foundation.tables.cells import DayCell
from survey.registry.files.columns import FileColumn
from survey.registry.files.dates import day, instant, month
from survey.registry.files.problems import Problems
from survey.registry.files.tables import FileTable

_DAY_FIRST = re.compile(r"^\s*(?:1[3-9]|2\d|3[01])\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}\b")
_STORED = re.compile(r"^\d{4}-\d\d-\d\d")


def refuse_swapped_days(table: FileTable, columns: Sequence[FileColumn], problems: Problems) -> None:
    """Note a column in which days were likely swapped with months.

    That is one with texts no calendar with the month first knows, and stored days of which none is after the 12th and
    one is neither the first of a month nor the same either way.
    """
    of_days = {column.name for column in columns if column.parse in (day, month, instant)}
    for place, name in enumerate(table.header):
        if name not in of_days:
            continue
        cells = [(line, row[place]) for line, row in table.rows]
        text = next((cell for _line, cell in cells if not isinstance(cell, DayCell) and _DAY_FIRST.match(cell)), None)
        stored = [(line, cell, dt.date.fromisoformat(cell[:10])) for line, cell in cells if _is_stored(cell)]
        swapped = [(line, cell) for line, cell, known in stored if known.day not in (1, known.month)]
        if text is not None and swapped and all(known.day <= 12 for _line, _cell, known in stored):
            line, cell = swapped[0]
            problems.add(
                _("Có thể ngày và tháng bị đảo: máy đặt kiểu tháng/ngày không đọc được “%(text)s”.", text=text.strip()),
                _("Đặt cả cột thành dạng Text (Format Cells, Text) rồi gõ lại các ngày, ví dụ 01/07/2025."),
                line=line,
                column=name,
                value=cell,
            )


def _is_stored(cell: str) -> bool:
    return isinstance(cell, DayCell) and bool(_STORED.match(cell))
