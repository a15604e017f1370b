"""What a workbook's sheets do not show: hidden lines and columns, cells merged downwards, days counted from 1904.

The readers of workbooks tell none of this, so it is looked for in the parts of the file. Runs in the child process of
`limited.py`, knows nothing of Flask.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

DAYS_TO_1904 = 1462
Hidden = tuple[list[int], list[int], list[tuple[int, int, int]]]  # lines, columns, merged cells as in `cells.Unseen`

_TAG = r"<(?:\w+:)?%s\b([^>]*)>"
_SHEET, _RELATION = (re.compile(_TAG % name) for name in ("sheet", "Relationship"))
_ROW, _COLUMN, _MERGED = (re.compile((_TAG % name).encode()) for name in ("row", "col", "mergeCell"))
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SINCE_1904 = re.compile(rb"""\bdate1904=["'](?:1|true|on)["']""")
_AREA = re.compile(rb"""\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")


def day_zero(content: bytes) -> int:
    """Which day of Excel's usual calendar is day 0 of an XLSX workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return DAYS_TO_1904 if _SINCE_1904.search(_part(archive, "xl/workbook.xml")) else 0


def ods_has_formulas(content: bytes) -> bool:
    """Whether cells of an OpenDocument sheet are results of formulas: its reader gives only the results."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"table:formula=" in _part(archive, "content.xml")


def unseen_of(content: bytes) -> dict[str, Hidden]:
    """What each sheet of an XLSX workbook hides or merges, by the sheet's title; sheets without any are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        hidden_of = {title: _looked_at(_part(archive, name)) for title, name in _sheets(archive)}
    return {title: hidden for title, hidden in hidden_of.items() if any(hidden)}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = _RELATION.findall(_part(archive, "xl/_rels/workbook.xml.rels").decode("utf-8", "replace"))
    targets = {_attribute("Id", tag): _attribute("Target", tag) for tag in relations}
    for tag in _SHEET.findall(_part(archive, "xl/workbook.xml").decode("utf-8", "replace")):
        target = targets.get(_attribute(r"\w+:id", tag), "")
        yield _attribute("name", tag), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _attribute(name: str, tag: str) -> str:
    match = re.search(rf"""(?<![\w:]){name}=(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape(match[1] or match[2] or "") if match else ""


def _looked_at(part: bytes) -> Hidden:
    rows = [_number(b"r", tag) for tag in _ROW.findall(part) if _HIDDEN.search(tag)] if b"hidden=" in part else []
    spans = [(_number(b"min", tag), _number(b"max", tag)) for tag in _COLUMN.findall(part) if _HIDDEN.search(tag)]
    columns = {place - 1 for first, last in spans for place in range(first, min(last, first + 500) + 1)}
    areas = [match.groups() for tag in _MERGED.findall(part) if (match := _AREA.search(tag))]
    merged = [(_place(left), int(top), int(end)) for left, top, right, end in areas if left == right and top != end]
    return rows, sorted(columns), merged


def _number(name: bytes, tag: bytes) -> int:
    match = re.search(rb"\b" + name + rb"""=["'](\d+)["']""", tag)
    return int(match[1]) if match else 0


def _place(letters: bytes) -> int:
    """The place of a column from 0: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
