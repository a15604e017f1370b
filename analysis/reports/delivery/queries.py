"""SQL of the schedule: subscriptions, due reports, messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from analysis.reports.models import DueReport, ReportDelivery, ReportSubscription
from survey.foundation.storage.database import db, rows_changed
from survey.registry.models import Province


def fetch_subscriptions(session: Session) -> Sequence[ReportSubscription]:
    """Who receives what, in the order of subscribing."""
    return session.scalars(select(ReportSubscription).order_by(ReportSubscription.id)).all()


def is_subscribed(session: Session, province_id: int, recipient: str, email: str) -> bool:
    """Whether an address receives a recipient's reports."""
    values = {"province_id": province_id, "recipient": recipient, "email": email}
    return session.scalar(select(ReportSubscription.id).filter_by(**values)) is not None


def delete_subscription(session: Session, province_id: int, recipient: str, email: str) -> bool:
    """Stop sending; False where nothing was sent."""
    values = {"province_id": province_id, "recipient": recipient, "email": email}
    gone = session.execute(delete(ReportSubscription).filter_by(**values))
    return rows_changed(gone) > 0


def fetch_province_keys(session: Session) -> dict[int, str]:
    """The key of every province by id."""
    return {id_: key for id_, key in session.execute(select(Province.id, Province.key))}  # noqa: C416


def fetch_due_report(session: Session, province_id: int, recipient: str, period: str, kind: str) -> DueReport | None:
    """The due report of a recipient, period and kind; None where none is planned."""
    values = {"province_id": province_id, "recipient": recipient, "period": period, "kind": kind}
    return session.scalar(select(DueReport).filter_by(**values))


def fetch_planned_messages(session: Session, due_report_id: int) -> set[tuple[str, str]]:
    """(kind, address) of every message planned about a due report."""
    query = select(ReportDelivery.kind, ReportDelivery.email).where(ReportDelivery.due_report_id == due_report_id)
    return {(kind, email) for kind, email in session.execute(query)}


def sendable() -> ColumnElement[bool]:
    """Announcements, last calls and reminders, and reports that are made."""
    made = select(DueReport.id).where(DueReport.status == "made")
    return or_(
        ReportDelivery.kind.in_(("announcement", "last_call", "reminder")), ReportDelivery.due_report_id.in_(made)
    )


def fetch_due_reports(recipients: Iterable[tuple[str, str]], limit: int) -> Sequence[DueReport]:
    """The latest due reports of some recipients (province key, recipient), the last deadline first."""
    query = (
        select(DueReport)
        .join(Province, Province.id == DueReport.province_id)
        .where(tuple_(Province.key, DueReport.recipient).in_(sorted(recipients)))
        .order_by(DueReport.last_day.desc(), DueReport.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def fetch_deliveries(due_report_ids: Iterable[int]) -> dict[int, list[ReportDelivery]]:
    """The messages of due reports, by report."""
    deliveries: dict[int, list[ReportDelivery]] = defaultdict(list)
    rows = select(ReportDelivery).where(ReportDelivery.due_report_id.in_(list(due_report_ids)))
    for delivery in db.session.scalars(rows.order_by(ReportDelivery.id)):
        deliveries[delivery.due_report_id].append(delivery)
    return deliveries
