"""One run of the schedule: plan, make what is due, send what waits. A failure of one never stops the others."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass, field

from analysis.reports.archive import fetch_archived, keep
from analysis.reports.builder import build_report
from analysis.reports.context import SATISFACTION
from analysis.reports.delivery import claims, letters
from analysis.reports.delivery.plan import plan
from analysis.reports.delivery.queries import sendable
from analysis.reports.models import DueReport, ReportDelivery
from analysis.reports.rendering import unprintable
from analysis.reports.rendering.renderers import ENGINES
from survey.foundation import mail
from survey.foundation.clock import now, today
from survey.foundation.commands.progress import progress
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Province

log = logging.getLogger("hai_long")


@dataclass
class DeliveryOutcome:
    """What one run did; `problems` names each report or address that failed, `notices` what is made all the same."""

    planned: int = 0
    made: int = 0
    sent: int = 0
    waiting_for_mail: int = 0
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def send_due() -> DeliveryOutcome:
    """Plan, make and send everything that is due now."""
    outcome = DeliveryOutcome(planned=plan())
    due = claims.fetch_ready(DueReport, DueReport.make_on <= today())
    for due_id in progress(due, "Lập báo cáo", len(due)):
        if claims.claim(DueReport, due_id):
            _make(due_id, outcome)
    server = mail.server_from_settings()
    waiting = claims.fetch_ready(ReportDelivery, sendable())
    for delivery_id in progress(waiting, "Gửi thư", len(waiting)):
        if server is None:
            outcome.waiting_for_mail += 1
        elif claims.claim(ReportDelivery, delivery_id):
            _send(server, delivery_id, outcome)
    return outcome


def _make(due_id: int, outcome: DeliveryOutcome) -> None:
    due = db.session.get_one(DueReport, due_id)
    name = " ".join([due.recipient, due.period, *([due.kind] if due.kind != SATISFACTION else [])])
    try:
        province = db.session.get_one(Province, due.province_id)
        period = Period.parse(due.period)
        cut_off = due.cut_off if due.cut_off < period.last_day else None
        report = build_report(province.key, due.recipient, period, cut_off, kind=due.kind)
        archived_id = keep(report, ENGINES["pdf"].render(report))
        notice = unprintable.notice(report.document)
        claims.finish(DueReport, due_id, "made", archived_id=archived_id, problem=notice)
        outcome.made += 1
        outcome.notices += [f"{name}: {notice}"] if notice else []
    except Exception as error:
        log.exception("a due report failed", extra={"fields": {"recipient": name}})
        db.session.rollback()
        claims.fail(DueReport, due_id, str(error))
        outcome.problems.append(f"{name}: {error}")


def _send(server: mail.Server, delivery_id: int, outcome: DeliveryOutcome) -> None:
    delivery = db.session.get_one(ReportDelivery, delivery_id)
    due = db.session.get_one(DueReport, delivery.due_report_id)
    email = delivery.email
    try:
        archived = fetch_archived(due.archived_id) if delivery.kind == "report" and due.archived_id else None
        message = letters.letter(delivery, due, archived, sender=server.sender)
        db.session.rollback()  # nothing is held open while a slow server thinks
        mail.send(server, message)
        claims.finish(ReportDelivery, delivery_id, "sent", sent_at=now())
        outcome.sent += 1
    except (smtplib.SMTPException, OSError) as error:
        db.session.rollback()
        claims.fail(ReportDelivery, delivery_id, mail.words(error), for_good=mail.is_permanent(error))
        log.warning("a report could not be mailed", extra={"fields": {"delivery": delivery_id}})
        outcome.problems.append(f"{email}: {mail.words(error)}")
