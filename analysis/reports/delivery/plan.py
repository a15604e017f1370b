"""From calendars and subscriptions to due reports: planning twice adds nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.reports.calendar import Deadline, deadlines
from analysis.reports.context import COVERAGE
from analysis.reports.delivery.queries import (
    fetch_due_report,
    fetch_planned_messages,
    fetch_province_keys,
    fetch_subscriptions,
)
from analysis.reports.delivery.reminders import LAST_CALLED
from analysis.reports.models import DueReport, ReportDelivery, ReportSubscription
from analysis.reports.office.queries import find_record
from analysis.targets.service import targets_in_force
from survey.foundation.clock import now, today
from survey.foundation.storage.database import writing

LATE = dt.timedelta(days=45)  # older ones are not made up for
LAST_CALL = dt.timedelta(days=7)  # after the last day: an address added later is not called for old ones


def plan() -> int:
    """Add every due report and message that is not there yet; how many reports were added."""
    try:
        return _plan()
    except IntegrityError:
        return 0  # another server planned the same at this very moment


def _plan() -> int:
    day, added = today(), 0
    with writing() as session:
        provinces = fetch_province_keys(session)
        for (province_id, recipient), subscriptions in _subscribed(session).items():
            for deadline in _near(provinces[province_id], recipient, day):
                since = min(subscription.since for subscription in subscriptions)
                if deadline.last_day < since:
                    continue
                due, new = _due_report(session, province_id, recipient, deadline)
                added += new
                _messages(session, due, deadline, subscriptions, day)
    return added


def _subscribed(session: Session) -> dict[tuple[int, str], list[ReportSubscription]]:
    subscriptions: dict[tuple[int, str], list[ReportSubscription]] = defaultdict(list)
    for subscription in fetch_subscriptions(session):
        subscriptions[subscription.province_id, subscription.recipient].append(subscription)
    return subscriptions


def _near(province: str, recipient: str, day: dt.date) -> list[Deadline]:
    candidates = (*deadlines(province, day.year - 1), *deadlines(province, day.year))
    near = [candidate for candidate in candidates if day - LATE <= candidate.last_day and candidate.announce_on <= day]
    owed = [deadline for deadline in near if deadline.is_owed_by(recipient)]
    return [deadline for deadline in owed if deadline.kind != COVERAGE or has_coverage_targets(province, deadline)]


def has_coverage_targets(province: str, deadline: Deadline) -> bool:
    """Whether there is anything for a coverage report to say."""
    return any(target.target.kind == "coverage" for target in targets_in_force(province, deadline.period.year))


def _due_report(session: Session, province_id: int, recipient: str, deadline: Deadline) -> tuple[DueReport, bool]:
    period = deadline.period.code
    due = fetch_due_report(session, province_id, recipient, period, deadline.kind)
    if due is not None:
        return due, False
    due = DueReport(
        province_id=province_id,
        recipient=recipient,
        period=period,
        kind=deadline.kind,
        cut_off=deadline.cut_off,
        make_on=deadline.make_on,
        last_day=deadline.last_day,
        next_attempt_at=now(),
    )
    session.add(due)
    session.flush()
    return due, True


def _messages(
    session: Session, due: DueReport, deadline: Deadline, subscriptions: list[ReportSubscription], day: dt.date
) -> None:
    known = fetch_planned_messages(session, due.id)
    kinds = ["report"]
    if day < deadline.last_day:
        kinds.append("announcement")
    if deadline.work_until <= day <= deadline.last_day + LAST_CALL and not _is_sent(session, due):
        kinds.append(LAST_CALLED)
    for subscription in subscriptions:
        for kind in kinds:
            if (kind, subscription.email) not in known and deadline.last_day >= subscription.since:
                message = ReportDelivery(
                    due_report_id=due.id, kind=kind, email=subscription.email, next_attempt_at=now()
                )
                session.add(message)


def _is_sent(session: Session, due: DueReport) -> bool:
    """Whether the journal says that it has left its author, or that Sở Nội vụ has it."""
    record = find_record(session, due.province_id, due.recipient, due.period, due.kind)
    return record is not None and (record.sent_on is not None or record.received_on is not None)
