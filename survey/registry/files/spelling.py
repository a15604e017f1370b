"""Codes that differ in case only are one; agencies and services may be named, services called by a national code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.foundation.object_cache import once_for_each
from survey.foundation.tables.cells import BrokenCell, NumberCell
from survey.foundation.vietnamese_text import normal
from survey.registry.files.columns import FileColumn, codes
from survey.registry.files.problems import Problems
from survey.registry.files.tables import FileTable
from survey.registry.files.words import plain_words
from survey.registry.models import Agency, Counter, Service

Known = Mapping[str, str]  # a way of writing -> the code


class Spelling:
    """The codes there are of each kind of record, and how else they may be written."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, kind: str, new: Iterable[str]) -> None:
        """Codes that come with the file."""
        known, _others = self._of_kind(kind)
        for code in new:
            known.setdefault(code.casefold(), code)

    def of(self, kind: str, cell: str, *, is_key: bool = False) -> str:
        """The code a cell means, as it is stored; the cell itself if none is known. A key is never found by name."""
        known, others = self._of_kind(kind)
        if code := known.get(cell.casefold()):
            return code
        return cell if is_key else others.get(plain_words(cell)) or others.get(_exactly(cell), cell)

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
            cells[place] = _spelt(spelling, column, cells[place], line, True, problems)
    spelling.add(kind, (_written(cells[place]) for place, _column in own for _line, cells in table.rows))
    for line, cells in table.rows:
        for place, column in places:
            if (place, column) not in own:
                cells[place] = _spelt(spelling, column, cells[place], line, False, problems)


def _exactly(name: str) -> str:
    """A name with its marks, signs and brackets: names of services differ by no more than these."""
    return f"= {' '.join(normal(name).casefold().split())}"


def _written(cell: str) -> str:
    return normal(cell).strip()


def _spelt(spelling: Spelling, column: FileColumn, cell: str, line: int, is_key: bool, problems: Problems) -> str:
    if isinstance(cell, BrokenCell) or (isinstance(cell, NumberCell) and not cell.fixed):
        return cell
    written = _written(cell)
    if column.parse is codes:
        spelt = " ".join(spelling.of(column.names, part) for part in written.split())
        return spelt if spelt != " ".join(written.split()) else cell
    spelt = spelling.of(column.names, written, is_key=is_key)
    if spelt == written:
        return cell
    same = spelt.casefold() == written.casefold()
    why = _("có mã chỉ khác chữ hoa, chữ thường") if same else _("ghi tên hoặc mã quốc gia")
    problems.note_reading(column.name, str(why), line, cell, spelt)
    return spelt


def _fetch(session: Session, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    if kind == "agencies":
        rows = [(code, [plain_words(name)]) for code, name in session.execute(select(Agency.code, Agency.name))]
    elif kind == "services":
        query = select(Service.code, Service.national_code, Service.name)
        rows = [(code, [plain_words(national), _exactly(name)]) for code, national, name in session.execute(query)]
    else:
        rows = [(code, []) for code in session.scalars(select(Counter.code))]
    return {code.casefold(): code for code, _names in rows}, _unique(rows)


def _unique(rows: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    code_of: dict[str, str] = {}
    twice = set()
    for code, names in rows:
        for name in filter(None, names):
            if code_of.setdefault(name, code) != code:
                twice.add(name)
    return {name: code for name, code in code_of.items() if name not in twice}
