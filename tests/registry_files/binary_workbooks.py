"""A binary workbook (XLSB) of one sheet, by the records of [MS-XLSB]: no program here writes one."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

_BEGIN_SHEET, _END_SHEET, _DIMENSION, _BEGIN_DATA, _END_DATA = 0x81, 0x82, 0x94, 0x91, 0x92
_ROW, _REAL, _TEXT = 0x00, 0x05, 0x06
_BEGIN_BOOK, _END_BOOK, _BEGIN_SHEETS, _END_SHEETS, _SHEET = 0x83, 0x84, 0x8F, 0x90, 0x9C
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>"""


def binary_workbook(lines: Sequence[Sequence[str | float]]) -> bytes:
    """The file of a sheet with these lines, texts and numbers."""
    size = struct.pack("<4I", 0, len(lines) - 1, 0, len(lines[0]) - 1)
    sheet = _record(_BEGIN_SHEET) + _record(_DIMENSION, size) + _record(_BEGIN_DATA)
    for number, cells in enumerate(lines):
        sheet += _record(_ROW, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for place, value in enumerate(cells):
            where = struct.pack("<II", place, 0)
            is_text = isinstance(value, str)
            sheet += (
                _record(_TEXT, where + _text(value)) if is_text else _record(_REAL, where + struct.pack("<d", value))
            )
    sheet += _record(_END_DATA) + _record(_END_SHEET)
    about = _record(_SHEET, struct.pack("<II", 0, 1) + _text("rId1") + _text("Bảng"))
    book = _record(_BEGIN_BOOK) + _record(_BEGIN_SHEETS) + about + _record(_END_SHEETS) + _record(_END_BOOK)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("_rels/.rels", _RELATION.format(kind=f"{_KINDS}/officeDocument", target="xl/workbook.bin"))
        archive.writestr("xl/workbook.bin", book)
        relation = _RELATION.format(kind=f"{_KINDS}/worksheet", target="worksheets/sheet1.bin")
        archive.writestr("xl/_rels/workbook.bin.rels", relation)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def _record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + _length(len(body)) + body


def _length(size: int) -> bytes:
    written = b""
    while size > 0x7F:
        written += bytes([size & 0x7F | 0x80])
        size >>= 7
    return written + bytes([size])


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded
