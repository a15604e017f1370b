"""XLSX files: the first sheet, values as they are stored; formulas are refused because their results may be stale."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from flask_babel import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from survey.imports.problems import Problems
from survey.imports.tables import Table

LARGEST_UNPACKED = 512 * 1024 * 1024


def read_xlsx(content: bytes, problems: Problems) -> Table:
    """Read the header and the lines that hold anything. What is wrong is added to `problems`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            problems.add(_("Tệp Excel quá lớn khi mở ra."), _("Chia thành nhiều tệp nhỏ hơn."))
            return Table([], [])
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            return _read(workbook, problems)
        finally:
            workbook.close()
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, EOFError) as error:
        problems.add(
            _("Không mở được tệp Excel (%(error)s).", error=str(error) or type(error).__name__),
            _("Mở bằng Excel và lưu lại dạng .xlsx, không đặt mật khẩu."),
        )
        return Table([], [])


def _read(workbook: Any, problems: Problems) -> Table:
    first, *others = workbook.worksheets
    first.reset_dimensions()  # some programs write wrong sizes; the rows themselves are right
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(first.iter_rows(), start=1):
        if number == 1:
            header = [name.strip() for name in _texts(cells, number, problems)]
            while header and not header[-1]:
                header.pop()
            continue
        texts = _texts(cells, number, problems)
        if any(text.strip() for text in texts):
            rows.append((number, _fitted(texts, len(header), number, problems)))
    skipped = [sheet.title for sheet in others]
    notes = (_("Chỉ đọc trang tính “%(first)s”; không đọc: %(others)s.", first=first.title, others=", ".join(skipped)),)
    return Table(header, rows, notes if skipped else ())


def _fitted(texts: list[str], width: int, line: int, problems: Problems) -> list[str]:
    for position in range(width, len(texts)):
        if texts[position].strip():
            problems.add(
                _("Ô này nằm ngoài các cột có tên."),
                _("Đặt tên cột ở dòng đầu hoặc xóa ô."),
                line=line,
                column=get_column_letter(position + 1),
                value=texts[position],
            )
    return (texts + [""] * (width - len(texts)))[:width]


def _texts(cells: Sequence[Any], line: int, problems: Problems) -> list[str]:
    texts: list[str] = []
    for position, cell in enumerate(cells, start=1):
        if cell.data_type in ("f", "e"):
            problem = (
                (_("Ô chứa công thức."), _("Chép và dán lại dạng giá trị (Paste Special, Values)."))
                if cell.data_type == "f"
                else (_("Ô chứa lỗi của Excel."), _("Sửa công thức hoặc xóa ô rồi ghi giá trị."))
            )
            problems.add(*problem, line=line, column=get_column_letter(position), value=cell.value)
        texts.append(text_of_value(cell.value))
    return texts


def text_of_value(value: object) -> str:
    """A stored value as a CSV file would hold it: dates in ISO form, whole numbers without a fraction."""
    match value:
        case None:
            return ""
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="seconds")
        case dt.date() | dt.time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
