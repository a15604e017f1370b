"""Tables as CSV and XLSX, written row by row: memory does not grow with their length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any

from flask_babel import gettext as _

from analysis.exports.table import DataRow, ExportTable, dictionary
from survey.foundation.tables.csv_output import csv_text, defuse

MOST_ROWS = 1_000_000  # a sheet holds 1,048,576


def csv_lines(table: ExportTable) -> Iterator[str]:
    """The table as CSV: UTF-8, decimal points, ISO dates, empty where there is no value."""
    return csv_text([column.heading for column in table.columns], table.rows)


def dictionary_lines(table: ExportTable) -> Iterator[str]:
    """Its dictionary as CSV."""
    heading, *lines = ([str(cell) for cell in line] for line in dictionary(table))
    return csv_text(heading, lines)


def write_xlsx(table: ExportTable, file: IO[bytes]) -> None:
    """The table as a workbook with the dictionary as its last sheet; beyond a million rows it goes on on a next sheet.

    The rows pass through temporary files. Text is always stored as text, never as a formula or a link.
    """
    import xlsxwriter  # slow to load, and only workbooks need it

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
        heading, number = [column.heading for column in table.columns], 0
        rows = iter(table.rows)
        while (first := next(rows, None)) is not None or not number:
            number += 1
            name = _("Số liệu") if number == 1 else _("Số liệu %(n)s", n=number)
            more = islice(rows, MOST_ROWS - 1) if first is not None else iter(())
            _sheet(workbook.add_worksheet(name), heading, chain([] if first is None else [first], more), bold, day)
        lines = dictionary(table)
        _sheet(workbook.add_worksheet(_("Từ điển dữ liệu")), next(lines), lines, bold, day)


def _sheet(sheet: Any, heading: DataRow, rows: Iterator[DataRow], bold: Any, day: Any) -> None:
    sheet.freeze_panes(1, 0)
    for place, text in enumerate(heading):
        sheet.write_string(0, place, str(text), bold)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, int | float):
                sheet.write_number(line, place, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, place, value, day)
            else:
                sheet.write_string(line, place, str(defuse(str(value))))
