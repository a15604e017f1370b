"""How a citizen may be reached about their case, if they want: with their consent, for one purpose, until a day.

It stands apart from the answer and is encrypted with a key that is no part of the database. Luật Bảo vệ dữ liệu cá nhân
91/2025/QH15 asks for consent that knows what is kept and why, and that can be taken back (its articles 4 and 9).
"""

from __future__ import annotations

import datetime as dt
import re

from survey.feedback.follow.contact_queries import delete_contact, find_contact
from survey.feedback.models import FeedbackCase, FeedbackContact
from survey.foundation.clock import now, today
from survey.foundation.security.sealed import seal, unseal
from survey.foundation.storage.database import db, locked, writing
from survey.responses.kept_times import hour_begins

PURPOSE = "feedback contact"
KEPT = dt.timedelta(days=180)  # after it was left, at most
AFTER_CLOSING = dt.timedelta(days=30)
LONGEST = 120
_PHONE = re.compile(r"(?:0|\+84)\d{9,10}")
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]{2,}")


def read_contact(text: str) -> str | None:
    """A telephone number or a mail address as typed, in its plain form; None: it is neither."""
    plain = text.strip()
    digits = re.sub(r"[\s.()-]", "", plain)
    if _PHONE.fullmatch(digits):
        return digits
    return plain if len(plain) <= LONGEST and _MAIL.fullmatch(plain) else None


def can_be_left(case: FeedbackCase) -> bool:
    """Whether there is still something to reach a citizen about."""
    return case.waits


def leave_contact(case_id: int, contact: str) -> None:
    """Keep how the holder of a code may be reached, in place of what they left before. Only the hour is kept."""
    at = hour_begins(now())
    with writing() as session:
        if not can_be_left(locked(session, FeedbackCase, case_id)):
            return
        delete_contact(session, case_id)
        sealed = seal(PURPOSE, contact, at=at)
        session.add(FeedbackContact(case_id=case_id, sealed=sealed, consented_at=at, expires_on=today() + KEPT))


def withdraw_contact(case_id: int) -> None:
    """Erase it at once: the consent was taken back."""
    with writing() as session:
        delete_contact(session, case_id)


def contact_until(case_id: int) -> dt.date | None:
    """The last day on which a contact may be used; None: there is none."""
    contact = find_contact(db.session(), case_id, today(), now() - AFTER_CLOSING)
    return contact.expires_on if contact else None


def open_contact(case_id: int) -> str | None:
    """The contact in plain text; None: there is none, its time is over, or it was sealed under a key that is gone."""
    contact = find_contact(db.session(), case_id, today(), now() - AFTER_CLOSING)
    return unseal(PURPOSE, contact.sealed) if contact else None
