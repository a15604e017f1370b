"""Mails about cases that come due: half-way and late, each once. They hold the number alone, never what was written."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Collection
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from survey.feedback.deadlines import half_way
from survey.feedback.models import FeedbackCase
from survey.feedback.reminder_queries import Mark, fetch_levels, fetch_untold, mark
from survey.foundation import mail
from survey.foundation.clock import local_day, now, today
from survey.foundation.formatting import date
from survey.foundation.storage.database import db


@dataclass
class ReminderOutcome:
    """How many mails went out, and how many cases wait for one: without a mail server, or without any address."""

    sent: int = 0
    unsent: int = 0


def remind() -> ReminderOutcome:
    """Tell who holds a case that half of its time is over, or (with the level above them) that it is late."""
    outcome, server, day = ReminderOutcome(), mail.server_from_settings(), today()
    for case in fetch_untold(db.session(), day):
        late = case.due_on < day
        if not late and day < half_way(local_day(case.reopened_at or case.opened_at), case.due_on):
            continue
        levels = fetch_levels(db.session(), case)
        receivers = sorted({address for level in levels[: 2 if late else 1] for address in level})
        if server is None or not receivers:
            outcome.unsent += 1
        elif _send_once(server, case, receivers, "overdue_told_at" if late else "reminded_at"):
            outcome.sent += len(receivers)
        else:
            outcome.unsent += 1
    return outcome


def _send_once(server: mail.Server, case: FeedbackCase, receivers: Collection[str], name: Mark) -> bool:
    case_id, about = case.id, {"n": case.id, "day": date(case.due_on)}
    if not mark(case_id, name, now()):
        return False
    sent = 0
    for receiver in receivers:
        try:
            mail.send(server, _letter(server, about, receiver, name))
            sent += 1
        except (smtplib.SMTPException, OSError) as error:
            logging.getLogger("hai_long").warning("case %s: %s", case_id, mail.words(error))
    if not sent:
        mark(case_id, name, None)
    return bool(sent)


def _letter(server: mail.Server, words: dict[str, Any], receiver: str, name: Mark) -> EmailMessage:
    late = name == "overdue_told_at"
    subject = (
        _("Hài lòng: phản ánh số %(n)s đã quá hạn", **words)
        if late
        else _("Hài lòng: phản ánh số %(n)s sắp đến hạn", **words)
    )
    told = (
        _("Phản ánh số %(n)s phải được trả lời chậm nhất ngày %(day)s và đã quá hạn.", **words)
        if late
        else _("Đã hết nửa thời hạn trả lời phản ánh số %(n)s; hạn là ngày %(day)s.", **words)
    )
    address = f"{current_app.extensions['settings'].public_url}/desk/feedback/{words['n']}"
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, mail.receiver(receiver), subject
    message.set_content(f"{told}\n\n{address}\n")
    return message
