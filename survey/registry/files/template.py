"""Workbooks to fill in: headings in words, lists to choose from, codes kept as text, an example, and a guide."""

from __future__ import annotations

import io
from collections.abc import Mapping

from flask_babel import gettext as _

from survey.registry.files.columns import FileColumn, OneOf, codes, province_key, whole_number
from survey.registry.files.dates import day, month
from survey.registry.files.records import RecordKind
from survey.registry.files.words import usual_heading, usual_value
from survey.registry.queries import fetch_province_keys

LINES = 2000  # that have lists and text format
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "agencies": {"code": "SNV", "name": "Sở Nội vụ", "valid_from": "01/07/2025"},
    "services": {"code": "1.001193", "name": "Đăng ký khai sinh", "field": "Hộ tịch", "national_code": "1.001193"},
    "counters": {"code": "SNV-Q1", "agency": "SNV", "name": "Quầy số 1", "services": "1.001193"},
    "caseloads": {"agency": "SNV", "service": "1.001193", "month": "10/2026", "count": "120", "overdue": "3"},
}


def template(kind: RecordKind) -> bytes:
    """The XLSX file of a kind, which an import takes as it is filled in."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "italic": True, "font_color": "#555555"})
        data, guide = book.add_worksheet(_("Dữ liệu")), book.add_worksheet(_("Hướng dẫn"))
        data.freeze_panes(1, 0)
        for place, column in enumerate(kind.columns):
            data.set_column(place, place, 22, text)
            data.write_string(0, place, usual_heading(kind.name, column.name), bold)
            example = _example(kind, column)
            data.write_string(1, place, f"Ví dụ: {example}" if place == 0 else example, grey)
            if choices := _choices(column):
                data.data_validation(2, place, LINES, place, {"validate": "list", "source": choices})
        guide.set_column(0, 3, 34)
        for place, title in enumerate((_("Cột"), _("Tên trong tệp CSV"), _("Bắt buộc"), _("Ghi gì"))):
            guide.write_string(0, place, title, bold)
        for line, column in enumerate(kind.columns, start=1):
            needed = _("bắt buộc") if column.required else ""
            for place, told in enumerate((usual_heading(kind.name, column.name), column.name, needed, _what(column))):
                guide.write_string(line, place, told)
        guide.write_string(len(kind.columns) + 2, 0, _("Dòng bắt đầu bằng “Ví dụ:” được bỏ qua khi nhập."))
    return buffer.getvalue()


def _choices(column: FileColumn) -> list[str]:
    if column.parse is province_key:
        return fetch_province_keys()
    return [usual_value(code) for code in column.parse.choices] if isinstance(column.parse, OneOf) else []


def _example(kind: RecordKind, column: FileColumn) -> str:
    choices = _choices(column)
    return EXAMPLES.get(kind.name, {}).get(column.name) or (choices[0] if choices else "")


def _what(column: FileColumn) -> str:
    if choices := _choices(column):
        return str(_("Chọn một trong: %(choices)s.", choices=", ".join(choices)))
    if column.parse is codes:
        return str(_("Một hay nhiều mã, cách nhau bằng dấu cách."))
    if column.parse is day:
        return str(_("Ngày, ví dụ 01/07/2025."))
    if column.parse is month:
        return str(_("Tháng, ví dụ 10/2026."))
    if column.parse is whole_number:
        return str(_("Số nguyên từ 0 trở lên."))
    return str(_("Mã, ghi dạng chữ (Text).") if column.names or column.is_code else _("Chữ, trên một dòng."))
