"""What the reader of OpenDocument sheets does not tell (see untold.py), from the parts of the file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.parsers.expat import ParserCreate

from survey.foundation.tables.untold import MOST_COLUMNS, MOST_ROWS, Untold

_HIDDEN = frozenset({"collapse", "filter"})
_PER_CENT = {"percentage": "0%"}
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
MOST_CELLS = 5_000_000  # a line may stand for a million: more than any list of an office has
Attributes = Mapping[str, str]


def untold_of(content: bytes) -> dict[str, Untold]:
    """What the reader leaves out, by the sheet's title.

    Raises:
        OverflowError: more cells than any list of an office has.
        xml.parsers.expat.ExpatError, zipfile.BadZipFile: damaged.
    """
    walk = _Walk()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in ("styles.xml", "content.xml"):
            if part in archive.namelist():
                parser = ParserCreate()
                parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
                parser.Parse(archive.read(part), True)
    return walk.sheets


class _Walk:
    """Through the elements in their order, counting lines and columns."""

    def __init__(self) -> None:
        self.sheets: dict[str, Untold] = {}
        self._formats: dict[str, str] = {}  # a data style's name -> its format, if that says how many digits there are
        self._styles: dict[str, tuple[str, str]] = {}  # a cell style's name -> its data style and its parent
        self._data_style, self._format = "", ""
        self._sheet, self._tables = Untold(), 0
        self._line = self._lines = self._column = 0
        self._row_style = ""
        self._column_styles: list[str] = []
        self._cells = 0

    def start(self, name: str, said: Attributes) -> None:
        if name in _CELLS:
            self._cell(said)
        elif name == "table:table-row":
            self._row(said)
        elif name == "table:table-column":
            self._columns(said)
        elif name == "table:table":
            self._tables += 1
            if self._tables == 1:
                self._sheet = self.sheets[said.get("table:name", "")] = Untold()
                self._line, self._column, self._column_styles = 1, 0, []
        elif name == "style:style" and said.get("style:family") == "table-cell":
            parent = said.get("style:parent-style-name", "")
            self._styles[said.get("style:name", "")] = said.get("style:data-style-name", ""), parent
        elif name == "number:number-style":
            self._data_style, self._format = said.get("style:name", ""), ""
        elif name == "number:number" and self._data_style:
            whole = said.get("number:decimal-places") == "0" and said.get("number:grouping") != "true"
            self._format = "0" * min(_times(said, "number:min-integer-digits", 0), 40) if whole else ""
        elif name == "number:text":
            self._data_style = ""  # other signs stand beside the digits

    def end(self, name: str) -> None:
        if name == "table:table-row" and self._tables == 1:
            self._line += self._lines
        elif name == "table:table":
            self._tables -= 1
        elif name == "number:number-style":
            if self._data_style and self._format:
                self._formats[self._data_style] = self._format
            self._data_style = ""

    def _columns(self, said: Attributes) -> None:
        if self._tables == 1:
            end = min(self._column + _times(said, "table:number-columns-repeated"), MOST_COLUMNS)
            if said.get("table:visibility") in _HIDDEN:
                self._sheet.columns.update(range(self._column, end))
            style = said.get("table:default-cell-style-name", "")
            self._column_styles += [style] * (end - self._column)
            self._column = max(end, self._column)

    def _row(self, said: Attributes) -> None:
        if self._tables == 1:
            self._lines, self._column = _times(said, "table:number-rows-repeated"), 0
            self._row_style = said.get("table:default-cell-style-name", "")
            if said.get("table:visibility") in _HIDDEN:
                self._sheet.lines.update(self._lines_here())

    def _cell(self, said: Attributes) -> None:
        first = self._column
        self._column += _times(said, "table:number-columns-repeated")
        if self._tables != 1 or first >= MOST_COLUMNS:
            return
        down, across = _times(said, "table:number-rows-spanned"), _times(said, "table:number-columns-spanned")
        if down > 1:
            self._sheet.add_merged(self._line, self._line + down - 1, first, first + across - 1)
        is_formula = "table:formula" in said
        type_ = said.get("office:value-type")
        format_ = self._format_of(said, first) if type_ == "float" else _PER_CENT.get(type_ or "", "")
        if is_formula or format_:
            columns = range(first, min(self._column, MOST_COLUMNS))
            places = [(line, column) for line in self._lines_here() for column in columns]
            self._cells += len(places)
            if self._cells > MOST_CELLS:
                raise OverflowError
            if is_formula:
                self._sheet.formulas.update(places)
            if format_:
                self._sheet.formats.update(dict.fromkeys(places, format_))

    def _lines_here(self) -> range:
        return range(self._line, min(self._line + self._lines, MOST_ROWS + 1))

    def _format_of(self, said: Attributes, column: int) -> str:
        of_column = self._column_styles[column] if column < len(self._column_styles) else ""
        style = said.get("table:style-name") or self._row_style or of_column
        for _generation in range(10):
            data_style, parent = self._styles.get(style, ("", ""))
            if data_style or not parent:
                return self._formats.get(data_style, "")
            style = parent
        return ""


def _times(said: Attributes, name: str, otherwise: int = 1) -> int:
    value = said.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else otherwise
