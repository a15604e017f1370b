"""Codes that differ in case only are one; agencies and services may be named, services called by a national code.

A cell may hold code and name, "1.001193 - Đăng ký khai sinh", and a cell of several services their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.clock import today
from survey.foundation.identifiers import is_code
from survey.foundation.periods import Period
from survey.foundation.tables.cells import BrokenCell, NumberCell
from survey.foundation.text.vietnamese_text import normal
from survey.registry.files.agency_names import AgencyNames, Days, NamedAgency, Within
from survey.registry.files.columns import FileColumn, SeveralNamed, as_typed, codes, with_hyphens
from survey.registry.files.dates import month
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.tables import FileTable
from survey.registry.files.words import plain_words
from survey.registry.models import Agency, Counter, Service

Known = Mapping[str, str]  # a way of writing -> the code
# 1.001193.000.00.00.H15 is the procedure 1.001193 in a province
_NATIONAL = re.compile(r"^(\d\.\d{6})\.\d{3}\.\d\d\.\d\d\.[A-Z]\d\d$")
_PROCEDURE = re.compile(r"^(\d\.\d{6})$")
_BETWEEN = re.compile(r"[,;\n]")


class Spelling:
    """The codes there are of each kind of record, and how else they may be written.

    `within`: what whoever imports may change, where agencies of several provinces have one name.
    """

    def __init__(self, session: Session, within: Within | None = None) -> None:
        self._session = session
        self._within = within

    def add(self, kind: str, new: Iterable[str]) -> None:
        """Codes that come with the file."""
        known, _others = self._of_kind(kind)
        for code in new:
            known.setdefault(code.casefold(), code)

    def of(self, kind: str, cell: str, *, is_key: bool = False, days: Days | None = None) -> str:
        """The code a cell means, as it is stored; the cell itself if none is known. A key is never found by name.

        `days`: those that are spoken of; one of several agencies of a name is meant that was there then.
        """
        known, _others = self._of_kind(kind)
        if code := known.get(cell.casefold()):
            return code
        if is_key:
            return cell
        return self.named(kind, cell, days) or self._both(kind, cell, days) or cell

    def named(self, kind: str, name: str, days: Days | None = None) -> str | None:
        """The code of the only record of this name; None if none or several have it."""
        codes = self.all_named(kind, name, days)
        return codes[0] if len(codes) == 1 else None

    def all_named(self, kind: str, name: str, days: Days | None = None) -> list[str]:
        """The codes of all records that a name may mean."""
        if kind == "agencies":
            return self._agencies.codes(name, days, self._within)
        _known, others = self._of_kind(kind)
        short = _NATIONAL.match(name)
        words = plain_words(short[1]) if short else ""
        code = others.get(plain_words(name)) or others.get(_exactly(name)) or others.get(words)
        return [code] if code else []

    def _both(self, kind: str, cell: str, days: Days | None) -> str | None:
        """The code of "code - name", where the name is that record's."""
        written, dash, name = cell.partition(" - ")
        known, _others = self._of_kind(kind)
        code = dash and (known.get(written.strip().casefold()) or self.named(kind, written.strip(), days))
        return code if code and code in self.all_named(kind, name.strip(), days) else None

    def of_several(self, kind: str, cell: str) -> str:
        """The codes a cell means, apart by spaces; commas, semicolons and line ends part names of services too."""
        parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
        whole = self.of(kind, cell)
        if whole != cell:
            return whole
        codes = [self._several(kind, part) for part in parts]
        return cell if None in codes else " ".join(filter(None, codes))

    def _several(self, kind: str, part: str) -> str | None:
        code = self.of(kind, part)
        if code != part or is_code(part):
            return code
        words = part.split()
        return " ".join(self.of(kind, word) for word in words) if all(map(is_code, words)) else None

    @cached_property
    def _agencies(self) -> AgencyNames:
        query = select(Agency.code, Agency.name, Agency.id, Agency.province_id, Agency.valid_from, Agency.valid_to)
        return AgencyNames(NamedAgency(*row) for row in self._session.execute(query))

    @once_for_each
    def _of_kind(self, kind: str) -> tuple[dict[str, str], dict[str, str]]:
        return _fetch(self._session, kind)


def spell(
    spelling: Spelling,
    kind: str,
    columns: Sequence[FileColumn],
    keys: Sequence[str],
    table: FileTable,
    problems: Problems,
) -> None:
    """Put the stored way of writing into every cell that names a record by its code."""
    named = {column.name: column for column in columns if column.names}
    places = [(place, named[name]) for place, name in enumerate(table.header) if name in named]
    own = [(place, column) for place, column in places if column.names == kind and column.name in keys]
    for line, cells in table.rows:
        for place, column in own:
            cells[place] = _spelt(spelling, column, cells[place], line, True, problems, lambda: None)
    spelling.add(kind, (_written(cells[place]) for place, _column in own for _line, cells in table.rows))
    days_of = _days_told(kind, table)
    for line, cells in table.rows:
        for place, column in places:
            if (place, column) not in own:
                cells[place] = _spelt(spelling, column, cells[place], line, False, problems, partial(days_of, cells))
        for place, column in places:
            if name := table.names.get(column.name, {}).get(line):
                _refuse_other_name(spelling, column, cells[place], name, line, problems)


def days_of_months(cells: Iterable[str]) -> Days | None:
    """From the first to the last day of months; None if one cannot be read, or there is none."""
    try:
        periods = [Period.parse(month(cell)) for cell in cells]
    except CellError:
        return None
    return (min(each.first_day for each in periods), max(each.last_day for each in periods)) if periods else None


def _days_told(kind: str, table: FileTable) -> Callable[[Sequence[str]], Days | None]:
    """The days that a line speaks of: its month; today for what is kept from now on; otherwise none."""
    if "month" in table.header:
        place = table.header.index("month")
        return lambda cells: days_of_months([cells[place]])
    from_now = (today(), today()) if kind in ("counters", "accounts") else None
    return lambda _cells: from_now


def _refuse_other_name(
    spelling: Spelling, column: FileColumn, cell: str, name: str, line: int, problems: Problems
) -> None:
    """Where only one of two columns was sorted, the name is that of another code."""
    others = spelling.all_named(column.names, name)
    written = _written(cell).casefold()
    if others and written not in map(str.casefold, others) and column.parse is not codes:
        problems.add(
            _(
                "Mã và tên ở dòng này không phải của một nơi: “%(name)s” có mã %(code)s.",
                name=name,
                code=", ".join(others),
            ),
            _("Kiểm tra hai cột có bị lệch dòng (chỉ sắp xếp một cột) hay không, rồi sửa mã hoặc tên."),
            line=line,
            column=column.name,
            value=cell,
        )


def _exactly(name: str) -> str:
    """A name with its marks, signs and brackets: names of services differ by no more than these."""
    return f"= {' '.join(with_hyphens(normal(name)).casefold().split())}"


def _written(cell: str) -> str:
    return as_typed(normal(cell).strip())


def _spelt(
    spelling: Spelling,
    column: FileColumn,
    cell: str,
    line: int,
    is_key: bool,
    problems: Problems,
    days: Callable[[], Days | None],
) -> str:
    if isinstance(cell, BrokenCell) or (isinstance(cell, NumberCell) and not cell.fixed):
        return cell
    written = _written(cell)
    if column.parse is codes:
        spelt = spelling.of_several(column.names, written)
        if spelt.casefold() not in (written.casefold(), " ".join(written.split()).casefold()):
            problems.note_reading(column.name, _("ghi tên hoặc mã quốc gia"), line, cell, spelt)
        return spelt if spelt != " ".join(written.split()) else cell
    spelt = spelling.of(column.names, written, is_key=is_key)
    if spelt == written and not is_key and len(spelling.all_named(column.names, written)) > 1:
        spelt = spelling.of(column.names, written, days=days())
        if spelt == written:
            return SeveralNamed(cell, spelling.all_named(column.names, written, days()))
    if spelt == written:
        return cell
    same = spelt.casefold() == written.casefold()
    why = _("có mã chỉ khác chữ hoa, chữ thường") if same else _("ghi tên hoặc mã quốc gia")
    problems.note_reading(column.name, str(why), line, cell, spelt)
    return spelt


def _fetch(session: Session, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    if kind == "agencies":
        rows: list[tuple[str, list[str]]] = [(code, []) for code in session.scalars(select(Agency.code))]
    elif kind == "services":
        query = select(Service.code, Service.national_code, Service.name)
        rows = [
            (code, [plain_words(national), *_short(national), *_short(code), _exactly(name)])
            for code, national, name in session.execute(query)
        ]
    else:
        rows = [(code, []) for code in session.scalars(select(Counter.code))]
    return {code.casefold(): code for code, _names in rows}, _unique(rows)


def _short(code: str) -> list[str]:
    """A national code without the province's part, if this is one."""
    short = _NATIONAL.match(code) or _PROCEDURE.match(code)
    return [plain_words(short[1])] if short else []


def _unique(rows: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    code_of: dict[str, str] = {}
    twice = set()
    for code, names in rows:
        for name in filter(None, names):
            if code_of.setdefault(name, code) != code:
                twice.add(name)
    return {name: code for name, code in code_of.items() if name not in twice}
