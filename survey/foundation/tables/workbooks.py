"""Runs alone in a child process (see limited.py): a workbook on standard input, its sheets as JSON on standard output.

Texts are told once: a cell is the place of its text among them, or ``["number", text, fixed]``, ``["day", text]``,
``["error", text]``, or ``["formula", text]`` if the file keeps no result of it. Knows nothing of Flask, so that it
starts quickly.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.tables import untold_ods, untold_xls, untold_xlsx
from survey.foundation.tables.untold import MOST_COLUMNS, MOST_ROWS, Place, Untold

MOST_LETTERS = 64_000_000  # of all cells together: a text that many cells share is stored once and read many times
MOST_OWN_LETTERS = 16_000_000  # of the texts that differ, which the server holds: as many as its largest text file has
_ZEROS = re.compile(r"^(?:\[[^\]]*\])*(0+)(?:_.)?(?:;.*)?$")  # also [$-42A]0000 and 0000_)

_MORE_IN_SHEET = re.compile(rb"<(?:\w+:)?f[\s/>]|\bt=[\"']e[\"']")
# Formats that fix the digits, and per cent: 9 and 10 are the built-in ones, of which a style sheet names all it has.
_TOLD_BY_STYLES = re.compile(
    rb"formatCode=[\"'](?:(?:\[[^\]]*\])*0+[\"';_]|[^\"']*%)|<(?:\w+:)?xf [^>]*numFmtId=[\"'](?:1|9|10)[\"']"
)
_NOT_AS_SIGN = re.compile(r'"[^"]*"|\\.')
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})

Cell = str | list[Any]
Told = tuple[str, bool, list[tuple[int, list[int | list[Any]]]]]  # a sheet: its title, whether it is seen, its lines


class TooLarge(ValueError):
    """More rows, columns or letters than any list of an office has."""


class _Caps:
    """How much of a workbook's sheets was read, and whether results of formulas are among it."""

    def __init__(self) -> None:
        self.rows = self.letters = self.own_letters = 0
        self.results = False
        self.texts: dict[str, int] = {}  # each with its place, in their order

    def take(self, cells: Sequence[Cell]) -> list[int | list[Any]]:
        """Count a row; its cells with their texts' places.

        Raises:
            TooLarge: it is one too many.
        """
        self.rows += 1
        self.letters += sum(len(cell if isinstance(cell, str) else cell[1]) for cell in cells)
        if self.rows > MOST_ROWS or len(cells) > MOST_COLUMNS or self.letters > MOST_LETTERS:
            raise TooLarge
        return [self._place(cell) if isinstance(cell, str) else cell for cell in cells]

    def _place(self, text: str) -> int:
        if text not in self.texts:
            self.own_letters += len(text)
            if self.own_letters > MOST_OWN_LETTERS:
                raise TooLarge
        return self.texts.setdefault(text, len(self.texts))


def main() -> None:
    """``python -m survey.foundation.tables.workbooks KIND MEGABYTES SECONDS``."""
    kind, megabytes, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    content = sys.stdin.buffer.read()
    caps = _Caps()
    try:
        untold = _UNTOLD.get(kind, _nothing)(content)
        slowly = kind == "xlsx" and _holds_more_than_values(content)
        sheets = [*(_xlsx(content, caps) if slowly else _others(content, untold, caps))]
        answer: dict[str, object] = {"texts": [*caps.texts], "sheets": sheets, "results": caps.results}
        answer["unseen"] = {title: hidden for title, sheet in untold.items() if any(hidden := sheet.hidden())}
        answer["day_zero"] = untold_xlsx.day_zero(content) if kind == "xlsx" else 0
    except (TooLarge, OverflowError):
        answer = {"problem": "large"}
    except MemoryError:
        answer = {"problem": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever a damaged file does to a reader
        answer = {"problem": f"{type(error).__name__}: {error}"}
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", "surrogatepass")  # as JSON's reader takes it
    json.dump(answer, out, ensure_ascii=False)
    out.flush()


def _holds_more_than_values(content: bytes) -> bool:
    """Whether it has formulas, errors, per cent or formats that fix digits: the quick reader knows none of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and _MORE_IN_SHEET.search(archive.read(entry)):
                return True
            if entry.filename == "xl/styles.xml" and _TOLD_BY_STYLES.search(archive.read(entry)):
                return True
    return False


def _xlsx(content: bytes, caps: _Caps) -> Iterator[Told]:
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    results = _Results(content, caps)
    for sheet in workbook.worksheets:
        visible = sheet.sheet_state == "visible"
        sheet.reset_dimensions()  # some programs write wrong sizes; the rows themselves are right
        read = functools.partial(_xlsx_cell, sheet.title, results)
        rows = (
            (number, [read(cell, (number, place)) for place, cell in enumerate(cells)])
            for number, cells in enumerate(sheet.iter_rows(), 1)
        )
        yield sheet.title, visible, [*_filled(rows, caps)] if visible else []


class _Results:
    """The results of formulas that an XLSX workbook keeps, opened only if there are formulas."""

    def __init__(self, content: bytes, caps: _Caps) -> None:
        self._content, self._caps = content, caps

    def of(self, title: str, place: Place) -> object:
        """What a formula at a line and column came to; None where the file does not say."""
        line, column = place
        lines = self._lines(title)
        result = lines[line - 1][column] if line <= len(lines) and column < len(lines[line - 1]) else ""
        if result == "" and place not in self._texts.get(title, ()):
            return None
        self._caps.results = True
        return result

    @once_for_each
    def _lines(self, title: str) -> list[list[Any]]:
        lines: list[list[Any]] = self._book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        return lines

    @functools.cached_property
    def _book(self) -> Any:
        from python_calamine import CalamineWorkbook

        return CalamineWorkbook.from_filelike(io.BytesIO(self._content))

    @functools.cached_property
    def _texts(self) -> dict[str, set[Place]]:
        return untold_xlsx.texts_of_formulas(self._content)


def _others(content: bytes, untold: Mapping[str, Untold], caps: _Caps) -> Iterator[Told]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for about in workbook.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet:
            visible = about.visible == SheetVisibleEnum.Visible
            values = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False) if visible else []
            sheet = untold.get(about.name, Untold())
            rows = ((number, _cells(line, number, sheet)) for number, line in enumerate(values, 1))
            caps.results |= visible and bool(sheet.formulas)
            yield about.name, visible, [*_filled(rows, caps)]


def _cells(values: Sequence[object], line: int, sheet: Untold) -> list[Cell]:
    if not sheet.formats:
        return [_cell(value) for value in values]
    return [_cell(value, sheet.formats.get((line, place), "")) for place, value in enumerate(values)]


def _filled(rows: Iterable[tuple[int, list[Cell]]], caps: _Caps) -> Iterator[tuple[int, list[int | list[Any]]]]:
    for number, cells in filter(_has_text, map(_cut, rows)):
        yield number, caps.take(cells)


def _cut(row: tuple[int, list[Cell]]) -> tuple[int, list[Cell]]:
    """The row without the empty cells at its end: programs write thousands of them."""
    cells = row[1]
    while cells and (not cells[-1] or (isinstance(cells[-1], str) and not cells[-1].strip())):
        cells.pop()
    return row


def _has_text(row: tuple[int, Sequence[Cell]]) -> bool:
    return bool(row[1])


def _xlsx_cell(title: str, results: _Results, cell: Any, place: Place) -> Cell:
    if cell.data_type == "e":
        return ["error", str(cell.value)]
    if cell.data_type == "f":
        result = results.of(title, place)
        return ["formula", str(cell.value)] if result is None else _cell(result, cell.number_format)
    return _cell(cell.value, cell.number_format) if cell.value is not None else ""


def _cell(value: object, number_format: str = "") -> Cell:
    match value:
        case None:
            return ""
        case str():
            return ["error", value] if value in _ERRORS else value
        case bool():
            return str(value)
        case dt.datetime():
            day_alone = value.time() == dt.time()
            return ["day", value.date().isoformat() if day_alone else value.isoformat(timespec="seconds")]
        case dt.date() | dt.time():
            return ["day", value.isoformat()]
        case float() | int() if "%" in number_format:
            scale = 100 if "%" in _NOT_AS_SIGN.sub("", number_format) else 1  # 0"%" only writes the sign behind
            return ["number", f"{(Decimal(str(value)) * scale).normalize():f}%", False]
        case float() | int() if float(value).is_integer():
            zeros = _ZEROS.match(number_format) if value >= 0 else None
            return ["number", str(int(value)).zfill(len(zeros[1]) if zeros else 0), zeros is not None]
        case float():
            return ["number", str(value), False]
        case _:
            return str(value)


def _nothing(_content: bytes) -> dict[str, Untold]:
    return {}


_UNTOLD = {"xlsx": untold_xlsx.untold_of, "ods": untold_ods.untold_of, "xls": untold_xls.untold_of}


if __name__ == "__main__":
    main()
