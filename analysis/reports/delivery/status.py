"""What the desk shows of the schedule: what is due, what was made, what failed and why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from analysis.reports.calendar import Deadline, upcoming
from analysis.reports.context import COVERAGE
from analysis.reports.delivery.plan import has_coverage_targets
from analysis.reports.delivery.queries import fetch_deliveries, fetch_due_reports
from analysis.reports.models import DueReport, ReportDelivery
from survey.foundation.clock import today
from survey.registry.queries import fetch_province_ids

STATUS: dict[str, LazyString] = {
    "waiting": lazy_gettext("Chờ lập"),
    "making": lazy_gettext("Đang lập"),
    "made": lazy_gettext("Đã lập"),
    "failed": lazy_gettext("Không lập được"),
}


@dataclass(frozen=True)
class Notice:
    """A deadline ahead; `announced`: the day of its notice has come."""

    province: str
    deadline: Deadline
    announced: bool


@dataclass(frozen=True)
class DueEntry:
    """One due report; `problems` are those of making it and of mailing it, address by address."""

    province: str
    recipient: str
    period: str
    kind: str
    last_day: dt.date
    status: LazyString
    archived_id: int | None
    sent: int
    unsent: int
    problems: tuple[str, ...]


def notices(recipients: Iterable[tuple[str, str]], days: int) -> list[Notice]:
    """What some recipients (province key, recipient) owe in the next days, whoever is mailed, the nearest first."""
    day = today()
    owing: dict[str, list[str]] = defaultdict(list)
    for province, recipient in recipients:
        owing[province].append(recipient)
    owed = [
        (province, deadline)
        for province, own in owing.items()
        for deadline in upcoming(province, day, days)
        if any(map(deadline.is_owed_by, own))
        and (deadline.kind != COVERAGE or has_coverage_targets(province, deadline))
    ]
    owed.sort(key=lambda pair: (pair[1], pair[0]))
    return [Notice(province, deadline, deadline.announce_on <= day) for province, deadline in owed]


def fetch_due(recipients: Iterable[tuple[str, str]], limit: int = 30) -> list[DueEntry]:
    """The latest due reports of some recipients (province key, recipient), the last deadline first."""
    rows = fetch_due_reports(recipients, limit)
    deliveries = fetch_deliveries(row.id for row in rows)
    key_of = {id_: key for key, id_ in fetch_province_ids().items()}
    return [_entry(row, key_of[row.province_id], deliveries[row.id]) for row in rows]


def _entry(row: DueReport, province: str, deliveries: list[ReportDelivery]) -> DueEntry:
    reports = [delivery for delivery in deliveries if delivery.kind == "report"]
    problems = [row.problem] + [f"{delivery.email}: {delivery.problem}" for delivery in deliveries if delivery.problem]
    sent = sum(report.status == "sent" for report in reports)
    return DueEntry(
        province=province,
        recipient=row.recipient,
        period=row.period,
        kind=row.kind,
        last_day=row.last_day,
        status=STATUS[row.status],
        archived_id=row.archived_id,
        sent=sent,
        unsent=len(reports) - sent,
        problems=tuple(problem for problem in problems if problem),
    )
