"""From a table of texts to rows of values: the header checked, every cell read, every mistake noted."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.foundation.text.old_fonts import old_font
from survey.registry.files.columns import FileColumn, nearest
from survey.registry.files.problems import CellError, HeaderRefused, Problems
from survey.registry.files.swapped_days import refuse_swapped_days
from survey.registry.files.tables import FileTable


@dataclass(frozen=True)
class RecordRow:
    """One line of a file. `values` holds only the columns that the file has and whose cells could be read.

    `sound`: every cell could be read. `line` is None for a record that comes from a form.
    """

    line: int | None
    values: dict[str, Any]
    sound: bool = True


def read_rows(table: FileTable, columns: Sequence[FileColumn], problems: Problems) -> Iterator[RecordRow]:
    """Check the header at once, then read line by line.

    Raises:
        ImportRefused: the header is wrong (then no line can be trusted) or no line follows it.
    """
    by_name = {column.name: column for column in columns}
    header = [name if name in by_name else name.lower() for name in table.header]
    _refuse_old_font([name for name in table.header if name not in by_name], table.line, problems)
    _check_header(header, table.line, by_name, problems)
    problems.refuse_if_any(HeaderRefused)
    if not table.rows:
        problems.add(_("Tệp không có dòng dữ liệu nào."), _("Thêm ít nhất một dòng sau dòng tiêu đề."))
    problems.refuse_if_any()
    refuse_swapped_days(table, columns, problems)
    present = [by_name[name] for name in header]
    return (read_row(line, cells, present, problems) for line, cells in table.rows)


def read_row(line: int | None, cells: Iterable[str], columns: Sequence[FileColumn], problems: Problems) -> RecordRow:
    """Read one line's cells, in the order of `columns`."""
    values: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        try:
            values[column.name] = value = column.read(cell)
            why, shown = column.unusual(cell, value)
            if why and line is not None:
                problems.note_reading(column.name, why, line, cell, shown)
        except CellError as error:
            problems.add(error.message, error.mend, line=line, column=column.name, value=cell)
    return RecordRow(line, values, sound=len(values) == len(columns))


def key_of(row: RecordRow, key: Sequence[FileColumn]) -> tuple[Any, ...] | None:
    """What the row is about; None if one of its key cells could not be read."""
    if not row.sound and any(column.required and column.name not in row.values for column in key):
        return None
    return tuple(row.values.get(column.name, column.default) for column in key)


def refuse_duplicates(rows: Iterable[RecordRow], key: Sequence[FileColumn], problems: Problems) -> None:
    """Note every line whose key stood on an earlier line, naming both lines."""
    first: dict[Hashable, int | None] = {}
    for row in rows:
        identity = key_of(row, key)
        if identity is None:
            continue
        folded = tuple(part.casefold() if isinstance(part, str) else part for part in identity)
        if folded in first:
            message = _("Trùng với dòng %(n)s.", n=first[folded])
            mend = _("Giữ lại một trong hai dòng; mã chỉ khác chữ hoa, chữ thường là một mã.")
            if row.line is not None and first[folded] == row.line:
                message = _("Hai cột của dòng này là cùng một tháng.")
                mend = _("Kiểm tra lại ngày, tháng và năm; ngày viết trước, tháng viết sau.")
            problems.add(
                message,
                mend,
                line=row.line,
                column=", ".join(column.name for column in key),
                value=" ".join(str(part) for part in identity),
            )
        first.setdefault(folded, row.line)


def _refuse_old_font(unknown: Sequence[str], line: int, problems: Problems) -> None:
    """Letters of old fonts become others in lower case: asked of the headings as they were written."""
    if reading := old_font(" ".join(unknown)):
        problems.add(
            _("Tiêu đề dùng phông cũ %(font)s: “%(reading)s”.", font=reading[0].name, reading=reading[1][:60]),
            _("Chuyển chữ của cả tệp sang Unicode rồi nhập lại."),
            line=line,
        )
        problems.refuse_if_any()


def _check_header(header: Sequence[str], line: int, known: Mapping[str, FileColumn], problems: Problems) -> None:
    for name in dict.fromkeys(header):
        if name not in known:
            problems.add(
                _("Cột lạ."),
                nearest(name, known) or _("Xóa cột hoặc sửa tên. Các cột nhận: %(names)s.", names=", ".join(known)),
                line=line,
                column=name or _("(không tên)"),
            )
        elif header.count(name) > 1:
            problems.add(_("Cột xuất hiện nhiều lần."), _("Giữ lại một cột."), line=line, column=name)
    for column in known.values():
        if column.required and column.name not in header:
            problems.add(_("Thiếu cột bắt buộc."), _("Thêm cột này vào dòng tiêu đề."), line=line, column=column.name)
