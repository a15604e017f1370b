"""Each deadline ahead with the recipient that owes it, and what was archived for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis.reports.archive import MadeReport, fetch_made
from analysis.reports.builder import report_name
from analysis.reports.calendar import Deadline
from analysis.reports.delivery.status import notices
from analysis.reports.office.models import ReportRecord
from analysis.reports.office.queries import fetch_records_of
from survey.foundation.clock import today


@dataclass(frozen=True)
class OwedReport:
    """A report that falls due, with its line of the journal.

    `made`: the newest archived one that counts up to the deadline's cut-off, or later.
    """

    province: str
    recipient: str
    deadline: Deadline
    announced: bool
    made: MadeReport | None
    record: ReportRecord | None = None

    @property
    def can_be_made(self) -> bool:
        """Whether its cut-off has passed, so that its figures are whole."""
        return self.deadline.make_on <= today()


def owed_reports(recipients: Collection[tuple[str, str]], days: int) -> list[OwedReport]:
    """What recipients (province key, recipient) owe within some days, the nearest deadline first."""
    if not recipients:
        return []
    ahead = notices(recipients, days)
    periods = [notice.deadline.period.code for notice in ahead]
    archived, records = fetch_made(recipients, periods), fetch_records_of(recipients, periods)
    return [
        OwedReport(
            province,
            recipient,
            notice.deadline,
            notice.announced,
            _made(archived, recipient, notice.deadline),
            records.get((province, recipient, notice.deadline.period.code, notice.deadline.kind)),
        )
        for notice in ahead
        for province, recipient in recipients
        if province == notice.province and notice.deadline.is_owed_by(recipient)
    ]


def _made(archived: Collection[MadeReport], recipient: str, deadline: Deadline) -> MadeReport | None:
    for entry in archived:
        cut_off = entry.cut_off if entry.cut_off < deadline.period.last_day else None
        name = report_name(entry.province, recipient, deadline.period, cut_off, deadline.kind)
        if entry.recipient == recipient and entry.name == name and entry.cut_off >= deadline.cut_off:
            return entry
    return None
