"""A file as a header and lines of text cells, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import NoReturn

from flask_babel import gettext as _

from survey.imports.problems import Problems


@dataclass(frozen=True)
class Table:
    """The header's names and each line's cells: (line number in the file, texts). Notes tell what was left unread."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    notes: tuple[str, ...] = ()


def read_table(name: str, content: bytes, known_columns: frozenset[str]) -> Table:
    """Read a file by what it holds, not by what it is called.

    `known_columns` only helps to tell the separator of a CSV file.

    Raises:
        ImportRefused: not a CSV in UTF-8 nor an XLSX, damaged, empty, or holding formulas.
    """
    # Imported late: openpyxl is slow to load and only XLSX files need it.
    from survey.imports.csv_files import read_csv

    problems = Problems(PurePath(name).name)
    if content.startswith(b"PK\x03\x04"):
        from survey.imports.xlsx_files import read_xlsx

        table = read_xlsx(content, problems)
    else:
        _refuse_other_formats(content, problems)
        table = read_csv(content, known_columns, problems)
    problems.refuse_if_any()
    return table


def _refuse_other_formats(content: bytes, problems: Problems) -> None:
    if not content.strip():
        _refuse(problems, _("Tệp không có nội dung."), _("Dòng đầu phải là tên các cột."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse(
            problems,
            _("Đây là tệp Excel đời cũ (.xls) hoặc tệp Excel có mật khẩu."),
            _("Mở bằng Excel và lưu lại dạng .xlsx không đặt mật khẩu, hoặc “CSV UTF-8”."),
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4096]:
        _refuse(
            problems,
            _("Tệp dùng bảng mã UTF-16 hoặc không phải tệp văn bản."),
            _("Lưu lại dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx."),
        )


def _refuse(problems: Problems, message: str, mend: str) -> NoReturn:
    problems.add(message, mend)
    problems.refuse_if_any()
    raise AssertionError("unreachable")
