"""Codes for a file of dossiers: a code each, written beside what the file says of it; nothing of it is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from flask_babel import gettext as _

from survey.channels.tickets.service import issue
from survey.channels.web.qr import ticket_address
from survey.channels.web.queries import CounterRow
from survey.foundation.clock import start_of_day
from survey.foundation.storage.database import writing
from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.csv_output import csv_text
from survey.foundation.tables.headed import headed
from survey.foundation.tables.reading import read_sheets
from survey.foundation.text.vietnamese import fold

COUNTER, SERVICE = "counter", "service"
_IN_WORDS = {"quay": COUNTER, "ma quay": COUNTER, "dich vu": SERVICE, "ma dich vu": SERVICE, "ma tthc": SERVICE}
ADDED = ("code", "address", "expires")


@dataclass(frozen=True)
class Dossier:
    """A line of the file: all its cells, and the counter and service it is for ('': none is named)."""

    line: int
    cells: tuple[str, ...]
    counter: str
    service: str


@dataclass(frozen=True)
class DossierFile:
    """The headings of a file and its dossiers."""

    headings: tuple[str, ...]
    dossiers: tuple[Dossier, ...]


def dossiers_of(content: bytes, counter: str = "", sheet: str = "") -> DossierFile:
    """Read a file whose first line names its columns; `counter`: of all dossiers, where the file has no such column.

    `sheet`: the one that is meant, where several hold dossiers.

    Raises:
        TableRefused: no table, no counter, or columns that codes would be written to are there already.
    """
    named, lines = headed(read_sheets(content, _names_columns), _names_columns, sheet, may_lack=True)
    if not named and lines:  # a file without such columns names its columns in its first line
        named, lines = lines[0][1], lines[1:]
    headings = tuple(cell.strip() for cell in named)
    names = [_plain(heading) for heading in headings]
    if taken := [name for name in ADDED if name in names]:
        mend = _("Bỏ các cột này khỏi tệp: %(names)s.", names=", ".join(taken))
        raise TableRefused(_("Tệp đã có cột mã."), mend)
    if COUNTER not in names and not counter:
        mend = _("Thêm cột %(name)s, hoặc ghi mã quầy trong lệnh.", name=COUNTER)
        raise TableRefused(_("Không rõ hồ sơ của quầy nào."), mend)
    rows = [(line, _filled(cells, len(names))) for line, cells in lines if any(cell.strip() for cell in cells)]
    if not rows:
        raise TableRefused(_("Tệp không có hồ sơ nào."), _("Dòng đầu ghi tên cột, mỗi dòng sau một hồ sơ."))
    at = {name: names.index(name) for name in (COUNTER, SERVICE) if name in names}
    told = [
        Dossier(
            line,
            cells,
            cells[at[COUNTER]].strip() if COUNTER in at else counter,
            cells[at[SERVICE]].strip() if SERVICE in at else "",
        )
        for line, cells in rows
    ]
    return DossierFile(headings, tuple(told))


def write_codes_beside(
    target: TextIO, file: DossierFile, counter_of: Callable[[str], CounterRow], last: dt.date
) -> int:
    """Make a code for each dossier and write it beside; how many. All are made, or none where they are not written."""
    until = start_of_day(last + dt.timedelta(days=1))
    of_group: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, dossier in enumerate(file.dossiers):
        of_group[dossier.counter, dossier.service].append(place)
    code_of: dict[int, str] = {}
    with writing() as session:
        for (counter, service), places in of_group.items():
            row = counter_of(counter)
            codes = issue(session, row.place.counter_id, row.code, row.province_id, service, len(places), until)
            code_of.update(zip(places, codes, strict=True))
        lines = (
            [*dossier.cells, code_of[place], ticket_address(code_of[place]), last.isoformat()]
            for place, dossier in enumerate(file.dossiers)
        )
        target.writelines(csv_text((*file.headings, *ADDED), lines))
    return len(code_of)


def _filled(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple([*cells, *[""] * width][: max(width, 1)])


def _names_columns(cells: Sequence[str]) -> int:
    return len({COUNTER, SERVICE} & set(map(_plain, cells)))


def _plain(cell: str) -> str:
    written = cell.strip().strip("\ufeff").casefold()
    return _IN_WORDS.get(" ".join(fold(written).split()), written)
