"""Reminders of reports that have not come: one letter to each address, in the schedule's next run."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.reports.context import SATISFACTION
from analysis.reports.delivery.queries import fetch_due_report, fetch_planned_messages, fetch_subscriptions
from analysis.reports.models import ReportDelivery
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing

REMINDER = "reminder"  # by hand, from Sở Nội vụ
LAST_CALLED = "last_call"  # by itself, on the last working day, to whoever has not entered the day of sending


def remind(province_id: int, period: Period, recipients: Iterable[str], kind: str = SATISFACTION) -> int:
    """Queue a reminder to every address subscribed for these authors that had none yet; how many letters that are."""
    queued: list[str] = []
    with writing() as session:
        addresses = [
            subscription for subscription in fetch_subscriptions(session) if subscription.province_id == province_id
        ]
        for recipient in recipients:
            due = fetch_due_report(session, province_id, recipient, period.code, kind)
            known = set() if due is None else fetch_planned_messages(session, due.id)
            for address in addresses if due is not None else ():
                if address.recipient != recipient or (REMINDER, address.email) in known:
                    continue
                assert due is not None
                session.add(
                    ReportDelivery(due_report_id=due.id, kind=REMINDER, email=address.email, next_attempt_at=now())
                )
                queued.append(recipient)
        after = {"period": period.code, "kind": kind, "count": len(queued)}
        audit.record(session, "remind_reports", "report_record", period.code, province_id=province_id, after=after)
    return len(queued)
