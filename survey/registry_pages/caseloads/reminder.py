"""One letter to each agency that owes caseloads: which services of which months, and where to enter them."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage

from flask import current_app
from flask_babel import gettext as _

from survey.foundation import mail
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.formatting import with_count
from survey.foundation.periods import Period
from survey.foundation.security import throttle
from survey.foundation.security.throttle import Limit
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province
from survey.registry_pages.caseloads.missing_page import OwedLine
from survey.registry_pages.page_queries import fetch_caseload_addresses

AGAIN = Limit("reminder of caseloads", 1, dt.timedelta(minutes=10))  # an agency


@dataclass
class Reminded:
    """The names of agencies: written to; without an address or a way to send; written to a moment ago.

    `has_server`: mail is set up.
    """

    has_server: bool
    told: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    lately: list[str] = field(default_factory=list)


def remind(province: Province, lines: Iterable[OwedLine]) -> Reminded:
    """Write to whoever keeps the caseloads of each agency that owes some, and trace that it was done."""
    server = mail.server_from_settings()
    owing = [line for line in lines if line.missing]
    addresses = fetch_caseload_addresses(db.session(), province.id, [line.agency.id for line in owing])
    outcome, province_id = Reminded(has_server=server is not None), province.id
    lately = _reminded_lately(owing)
    for line in owing:
        if line.agency.code in lately:
            outcome.lately.append(line.agency.name)
            continue
        receivers = addresses.get(line.agency.id, [])
        reached = [receiver for receiver in receivers if server is not None and _sent(server, line, receiver)]
        (outcome.told if reached else outcome.untold).append(line.agency.name)
        if not reached:
            throttle.give_back([(AGAIN, line.agency.code)])
    told = {"agencies": outcome.told, "not_reached": len(outcome.untold)}
    with writing() as session:
        audit.record(session, "remind_caseloads", "caseloads", now().isoformat(), province_id=province_id, after=told)
    return outcome


def _reminded_lately(owing: Iterable[OwedLine]) -> set[str]:
    """The codes of agencies that somebody has begun to remind; from now on these too.

    Counted before a letter goes: a button pressed twice, or by two people, writes to nobody twice.
    """
    with writing() as session:
        return {line.agency.code for line in owing if throttle.is_beyond(session, AGAIN, line.agency.code)}


def _sent(server: mail.Server, line: OwedLine, receiver: str) -> bool:
    try:
        mail.send(server, _letter(server, line, receiver))
    except (smtplib.SMTPException, OSError) as error:
        logging.getLogger("hai_long").warning("caseloads of %s: %s", line.agency.code, mail.words(error))
        return False
    return True


def _letter(server: mail.Server, line: OwedLine, receiver: str) -> EmailMessage:
    base = current_app.extensions["settings"].public_url
    months = [(month, len(owed.missing)) for month, owed in line.months.items() if owed.missing]
    owed = [
        with_count(
            "- %(month)s: còn thiếu %(n)s dịch vụ, nhập tại %(address)s",
            missing,
            month=Period.parse(month).label(),
            address=f"{base}/desk/agencies/{line.agency.code}/caseloads/{month}",
        )
        for month, missing in months
    ]
    message = EmailMessage()
    message["From"], message["To"] = server.sender, mail.receiver(receiver)
    message["Subject"] = _("Hài lòng: %(agency)s còn thiếu số hồ sơ", agency=line.agency.name)
    why = _("Thiếu số hồ sơ thì tỷ lệ hài lòng dùng trọng số tạm tính và chưa kết luận được theo chỉ tiêu.")
    message.set_content("\n".join([_("%(agency)s chưa gửi đủ số hồ sơ:", agency=line.agency.name), *owed, "", why, ""]))
    return message
