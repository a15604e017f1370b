"""CSV files: UTF-8 with or without a byte order mark, separated by comma, semicolon or tab."""

from __future__ import annotations

import csv
import io

from flask_babel import gettext as _

from survey.imports.problems import Problems
from survey.imports.tables import Table

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 1_000_000


def read_csv(content: bytes, known_columns: frozenset[str], problems: Problems) -> Table:
    """Read the header and the lines that hold anything. What is wrong is added to `problems`."""
    text = _decode(content, problems)
    problems.refuse_if_any()
    csv.field_size_limit(LONGEST_CELL)
    separator = _separator(text, known_columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if header is None:
                header = [cell.strip() for cell in cells]
            elif any(cell.strip() for cell in cells):
                _check_width(cells, header, line, problems)
                rows.append((line, cells))
            line = reader.line_num + 1  # a quoted cell may span several lines: a row begins after the last one
    except csv.Error as error:
        problems.add(
            _("Không tách được các ô của dòng này (%(error)s).", error=str(error)),
            _('Kiểm tra dấu nháy kép: mỗi ô mở bằng " phải đóng bằng "; dấu " trong ô viết thành "".'),
            line=line,
        )
    return Table(header or [], rows)


def _decode(content: bytes, problems: Problems) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(
            _("Chữ ở dòng này không phải bảng mã UTF-8 (có thể là Windows-1258, TCVN3 hoặc VNI)."),
            _("Mở bằng Excel và lưu lại dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx; chuyển phông chữ sang Unicode."),
            line=line,
        )
        return ""
    damaged = text.find("\N{REPLACEMENT CHARACTER}")
    if damaged >= 0:
        problems.add(
            _("Chữ đã bị hỏng trước khi đến đây (ký tự thay thế “�”)."),
            _("Xuất lại tệp từ bản gốc với bảng mã UTF-8."),
            line=text.count("\n", 0, damaged) + 1,
        )
    return text


def _separator(text: str, known_columns: frozenset[str]) -> str:
    # Only the header is asked: a comma inside a name on a later line must not decide.
    first = text.split("\n", 1)[0].rstrip("\r")

    def names_known(separator: str) -> int:
        return sum(cell.strip().strip('"').lower() in known_columns for cell in first.split(separator))

    return max(SEPARATORS, key=names_known)


def _check_width(cells: list[str], header: list[str], line: int, problems: Problems) -> None:
    if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
        problems.add(
            _("Dòng có %(n)s ô, dòng tiêu đề có %(m)s cột.", n=len(cells), m=len(header)),
            _("Ô chứa dấu phân cách phải đặt trong dấu nháy kép; ô trống vẫn cần dấu phân cách."),
            line=line,
        )
