"""What the reader of XLSX workbooks does not tell (see untold.py), from the parts of the file; days since 1904 too."""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from survey.foundation.tables.untold import MOST_COLUMNS, Place, Untold

DAYS_TO_1904 = 1462

_TAG = r"<(?:\w+:)?%s\b([^>]*)>"
_SHEET, _RELATION = (re.compile(_TAG % name) for name in ("sheet", "Relationship"))
_ROW, _COLUMN, _MERGED = (re.compile((_TAG % name).encode()) for name in ("row", "col", "mergeCell"))
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SINCE_1904 = re.compile(rb"""\bdate1904=["'](?:1|true|on)["']""")
_FORMULA_OF_TEXT = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']str["'][^>]*)>\s*<(?:\w+:)?f\b""")
_PLACE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_AREA = re.compile(rb"""\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")


def day_zero(content: bytes) -> int:
    """Which day of Excel's usual calendar is day 0 of an XLSX workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return DAYS_TO_1904 if _SINCE_1904.search(_part(archive, "xl/workbook.xml")) else 0


def untold_of(content: bytes) -> dict[str, Untold]:
    """What each sheet hides or merges, by its title. Formulas and formats are told by the reader itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {title: _looked_at(_part(archive, name)) for title, name in _sheets(archive)}


def texts_of_formulas(content: bytes) -> dict[str, set[Place]]:
    """The cells of each sheet whose formulas came to a text: an empty one is a result too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tags = {title: _FORMULA_OF_TEXT.findall(_part(archive, name)) for title, name in _sheets(archive)}
    return {
        title: {(int(match[2]), _place(match[1])) for match in filter(None, map(_PLACE.search, of_sheet))}
        for title, of_sheet in tags.items()
    }


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


def _looked_at(part: bytes) -> Untold:
    untold = Untold()
    if b"hidden=" in part:
        untold.lines.update(_number(b"r", tag) for tag in _ROW.findall(part) if _HIDDEN.search(tag))
    for first, last in [
        (_number(b"min", tag), _number(b"max", tag)) for tag in _COLUMN.findall(part) if _HIDDEN.search(tag)
    ]:
        untold.columns.update(place - 1 for place in range(first, min(last, first + MOST_COLUMNS) + 1))
    for match in filter(None, map(_AREA.search, _MERGED.findall(part))):
        left, top, right, bottom = match.groups()
        untold.add_merged(int(top), int(bottom), _place(left), _place(right))
    return untold


def _number(name: bytes, tag: bytes) -> int:
    match = re.search(rb"\b" + name + rb"""=["'](\d+)["']""", tag)
    return int(match[1]) if match else 0


def _place(letters: bytes) -> int:
    """The place of a column from 0: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
