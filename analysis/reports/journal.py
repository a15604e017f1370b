"""Who owes a report of a period, and how far each is: made, signed, sent, received by Sở Nội vụ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.reports.archive import fetch_made
from analysis.reports.calendar import OVERVIEW
from analysis.reports.context import SATISFACTION
from analysis.reports.file_names import kind_named
from analysis.reports.office.models import ReportRecord
from analysis.reports.office.queries import fetch_records
from analysis.reports.queries import fetch_rated_agencies
from analysis.reports.recipients import department, departments
from survey.foundation.periods import Period
from survey.registry.models import Province
from survey.registry.queries import fetch_agencies_by_code


@dataclass(frozen=True)
class JournalLine:
    """One author's report of a period; `made` is the number of the newest archived PDF.

    `agency`: the code under which the author stands in the register; None for a department that is not in it.
    """

    recipient: str
    name: str
    agency: str | None
    made: int | None
    record: ReportRecord | None

    @property
    def sent(self) -> bool:
        """Whether it has left its author, by the author's word or by that of Sở Nội vụ."""
        return self.record is not None and (self.record.sent_on is not None or self.received)

    @property
    def received(self) -> bool:
        """Whether Sở Nội vụ has it."""
        return self.record is not None and self.record.received_on is not None


def journal_of(province: Province, period: Period, kind: str = SATISFACTION) -> list[JournalLine]:
    """Every author that owes Sở Nội vụ a report of a period: the other departments, then every rated agency by name.

    `kind`: of reports.kinds.KINDS.
    """
    codes = {agency.name: code for code, agency in fetch_agencies_by_code(province.id).items()}
    known = {key: str(department(key)["name"]) for key in departments()}
    authors = [(key, name, codes.get(name)) for key, name in known.items() if key != OVERVIEW]
    rated = fetch_rated_agencies(province.id, None, period)
    # a department's own report is the department's
    authors += [(code, name, code) for _id, code, name in rated if name not in known.values()]
    archived = fetch_made([(province.key, key) for key, _name, _code in authors], [period.code])
    newest = {entry.recipient: entry.id for entry in reversed(archived) if kind_named(entry.name) == kind}
    records = fetch_records(province.id, period.code, kind)
    return [JournalLine(key, name, code, newest.get(key), records.get(key)) for key, name, code in authors]


def unsent(lines: Sequence[JournalLine]) -> list[JournalLine]:
    """Those whose report has not left them."""
    return [line for line in lines if not line.sent]
