"""What the reader of XLS workbooks does not tell (see untold.py), from the records of the file.

The names of records and their layouts are those of [MS-XLS]; the file around them is the one of `old_containers.py`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from survey.foundation.tables.old_containers import stream
from survey.foundation.tables.untold import Untold

_BOF, _EOF, _SHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_FORMULA, _NUMBER, _RK, _MULRK = 0x0006, 0x0203, 0x027E, 0x00BD
_ROW, _COLUMNS, _MERGED = 0x0208, 0x007D, 0x00E5
_EXCEL_97 = 0x0600
_GENERAL = "General"  # of nearly every cell, and says nothing
_BUILT_IN = {1: "0", 9: "0%", 10: "0.00%"}  # the built-in formats that say how many digits there are, or per cent

Record = tuple[int, bytes]


def untold_of(content: bytes) -> dict[str, Untold]:
    """What the reader leaves out, by the sheet's title.

    Raises:
        struct.error, IndexError, ValueError: damaged.
    """
    data = stream(content, ("Workbook", "Book"))
    formats, of_cells, sheets = dict(_BUILT_IN), list[int](), list[tuple[str, int]]()
    is_97 = struct.unpack_from("<H", data, 4)[0] == _EXCEL_97
    for record, body in _records(data, 0):
        if record == _SHEET:
            sheets.append((_text(body[6:], is_97, wide=False), struct.unpack_from("<I", body)[0]))
        elif record == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _text(body[2:], is_97, wide=is_97)
        elif record == _XF:
            of_cells.append(struct.unpack_from("<H", body, 2)[0])
    known = {
        place: formats[number] for place, number in enumerate(of_cells) if formats.get(number, _GENERAL) != _GENERAL
    }
    return {title: _sheet(data, start, known) for title, start in sheets}


def _sheet(data: bytes, start: int, formats: dict[int, str]) -> Untold:
    untold = Untold()
    for record, body in _records(data, start):
        if record in (_FORMULA, _NUMBER, _RK, _MULRK):
            _note_cells(untold, record, body, formats)
        elif record == _ROW and body[12] & 0x20:
            untold.lines.add(struct.unpack_from("<H", body)[0] + 1)
        elif record == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            untold.columns.update(range(first, min(last, 255) + 1))
        elif record == _MERGED:
            for top, bottom, left, right in struct.iter_unpack("<HHHH", body[2:]):
                untold.add_merged(top + 1, bottom + 1, left, right)
    return untold


def _note_cells(untold: Untold, record: int, body: bytes, formats: dict[int, str]) -> None:
    row, first = struct.unpack_from("<HH", body)
    if record == _FORMULA:
        untold.formulas.add((row + 1, first))
    of_one_cell = struct.unpack_from("<H", body, 4)
    styles = [style for style, _value in struct.iter_unpack("<HI", body[4:-2])] if record == _MULRK else of_one_cell
    for column, style in enumerate(styles, first):
        if style in formats:
            untold.formats[row + 1, column] = formats[style]


def _records(data: bytes, start: int) -> Iterator[Record]:
    """The records from a beginning to its end, without those of what is embedded."""
    depth = 0
    while start + 4 <= len(data):
        record, length = struct.unpack_from("<HH", data, start)
        if record == _BOF:
            depth += 1
        elif record == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield record, data[start + 4 : start + 4 + length]
        start += 4 + length


def _text(body: bytes, is_97: bool, *, wide: bool) -> str:
    """A text behind its length of one byte or, if `wide`, two; since Excel 97 a byte says how it is written."""
    letters, body = (struct.unpack_from("<H", body)[0], body[2:]) if wide else (body[0], body[1:])
    if not is_97:
        return body[:letters].decode("cp1252", "replace")
    two_bytes = body[0] & 1
    return body[1 : 1 + letters * (1 + two_bytes)].decode("utf-16-le" if two_bytes else "latin-1", "replace")
