"""CSV and other text tables: separator told from the header, quoted as usual, Excel's ``sep=`` line obeyed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from survey.foundation.tables.cells import FileLine, TableRefused, Workbook, Worksheet
from survey.foundation.tables.encodings import decode

SEPARATORS = (",", ";", "\t", "|")
LONGEST_CELL = 1_000_000
SEARCHED = 30  # lines in which a header may stand
_KEPT_AS_TEXT = re.compile(r'^="([^"]*)"$')  # how programs keep the zeros of a code through a spreadsheet
_SEP_LINE = re.compile(r"^\s*\"?sep=(.)\"?[,;\t]*\s*$", re.IGNORECASE)

Fit = Callable[[Sequence[str]], int]  # how many of a line's cells are names of columns


def read_text(content: bytes, fit: Fit) -> Workbook:
    """The one sheet of a text file.

    Raises:
        TableRefused: an encoding or quotes that cannot be read surely.
    """
    text, notes = decode(content)
    first = text.split("\n", 1)[0].rstrip("\r")
    named = _SEP_LINE.match(first)
    separator = named[1] if named else _separator(text, fit)
    lines = _split(text, separator)
    if lines and all(len(cells) == 1 for _line, cells in lines) and separator in lines[0][1][0]:
        lines = [(line, next(csv.reader(cells, delimiter=separator))) for line, cells in lines]
        notes = (*notes, _("Mỗi dòng nằm trọn trong một cặp dấu nháy kép: đã tách thành các ô."))
    if any(_KEPT_AS_TEXT.match(cell) for _line, cells in lines for cell in cells):
        lines = [(line, [_KEPT_AS_TEXT.sub(r"\1", cell) for cell in cells]) for line, cells in lines]
        notes = (*notes, _('Ô viết dạng ="0012" được đọc là văn bản 0012.'))
    return Workbook([Worksheet("", True, lines[1:] if named else lines, strict=True)], notes)


def _split(text: str, separator: str) -> list[FileLine]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[FileLine] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((line, cells))
            line = reader.line_num + 1  # a quoted cell may span several lines: a row begins after the last one
    except csv.Error as error:
        raise TableRefused(
            _("Không tách được các ô của dòng này (%(error)s).", error=str(error)),
            _('Kiểm tra dấu nháy kép: mỗi ô mở bằng " phải đóng bằng "; dấu " trong ô viết thành "".'),
            line,
        ) from error
    return lines


def _separator(text: str, fit: Fit) -> str:
    # Only the likeliest header is asked: a comma inside a name on a later line must not decide.
    lines = text.split("\n", SEARCHED)[:SEARCHED]

    def best(separator: str) -> tuple[int, int]:
        cells = [[cell.strip().strip('"') for cell in line.rstrip("\r").split(separator)] for line in lines]
        return max(map(fit, cells)), max(map(len, cells[:1]))

    return max(SEPARATORS, key=best)
