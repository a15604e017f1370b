"""Erasing by order and by time. Each run leaves its entry in the audit log: how many, why, never what."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.channels.paper.queries import drop_forgotten
from survey.channels.phone.queries import erase_over
from survey.channels.printing.jobs import KEPT_FOR as PRINTED
from survey.channels.printing.queries import drop_old_jobs
from survey.feedback.follow.contact_queries import drop_contacts
from survey.feedback.follow.contacts import AFTER_CLOSING
from survey.feedback.models import FeedbackCase
from survey.foundation.batched import batched
from survey.foundation.changes import audit
from survey.foundation.clock import now, today
from survey.foundation.commands.progress import counting, progress
from survey.foundation.storage.database import writing
from survey.foundation.storage.sqlite_log import empty_log
from survey.foundation.storage.turns import take_turn
from survey.registry_pages.imports.drafts import KEPT_FOR as UPLOADED
from survey.registry_pages.imports.drafts import drop_old_drafts
from survey.responses.dropped_words import note_dropped_words
from survey.responses.erasures import (
    erased_cases_among,
    remember_erased,
    remember_erased_case,
    stored_though_erased,
)
from survey.retention import queries
from survey.retention.row_order_queries import shuffle_rows

COMMENTS = dt.timedelta(days=730)  # words of citizens, with the closed cases about them
ACCOUNTS = dt.timedelta(days=730)  # after they were switched off
TICKETS = dt.timedelta(days=30)  # after their last day
PHONE_MARKS = dt.timedelta(days=365)  # of dossiers that were called about, after their list ended
PAIRING_CODES = dt.timedelta(days=7)  # after their half hour
NEW_ROWS = dt.timedelta(days=3)  # received lately: they may still lie in the order they came in
TYPED_FORMS = dt.timedelta(days=90)  # typed from paper in a batch that nobody handed in

Rule = Callable[[Session], int]


def _drop_comments(session: Session, before: dt.date) -> int:
    dropped = queries.drop_comments(session, before)
    if dropped:
        note_dropped_words(session, before)
    return dropped


RULES: Mapping[str, Rule] = {
    "comments": lambda session: _drop_comments(session, today() - COMMENTS),
    "contacts": lambda session: drop_contacts(session, today(), now() - AFTER_CLOSING),
    "tickets": lambda session: queries.drop_tickets(session, now() - TICKETS),
    "pairing_codes": lambda session: queries.drop_pairing_codes(session, now() - PAIRING_CODES),
    "typed_forms": lambda session: drop_forgotten(session, now() - TYPED_FORMS),
    "phone_contacts": lambda session: erase_over(session, today(), today() - PHONE_MARKS),
    "print_jobs": lambda session: drop_old_jobs(session, now() - PRINTED),
    "import_drafts": lambda session: drop_old_drafts(session, now() - UPLOADED),
    "accounts": lambda session: queries.empty_accounts(session, now() - ACCOUNTS),
    "sessions": lambda session: queries.drop_sessions(session, now()),
    "attempts": lambda session: queries.drop_attempts(session, now()),
}
# The others are the program's own housekeeping.
LOGGED = frozenset({"comments", "contacts", "tickets", "typed_forms", "phone_contacts", "accounts"})


class _Rehearsal(Exception):
    """Undoes what was only tried."""


def erase_again(note: str) -> int:
    """Erase what was erased before and has come back, with a backup; how many there were."""
    with writing() as session:
        erased = queries.erase_answers(session, stored_though_erased(session))
        _record(session, erased, "restore", note)
        back = erased_cases_among(session, queries.fetch_code_digests(session))
        for case in queries.fetch_cases(session, back):
            _erase_case(session, case, note)
    empty_log()
    return erased.total() + len(back)


def erase(which: uuid.UUID | dt.date, reason: str) -> int:
    """Erase one answer, or all of days before a day, with everything that hangs on it; how many there were.

    They are remembered as erased: a kiosk that sends one again is thanked, and nothing is stored.
    """
    with writing() as session:
        ids = [which] if isinstance(which, uuid.UUID) else queries.fetch_ids_before(session, which)
        there, erased = queries.fetch_present(session, ids), Counter[int]()
        with counting(_("Xóa phiếu"), len(there)) as step:
            for part in batched(there, queries.CHUNK):
                erased += queries.erase_answers(session, part)
                step(len(part))
        remember_erased(session, there)
        _record(session, erased, str(which), reason)
    empty_log()
    return erased.total()


def erase_case(case_id: int, reason: str) -> bool:
    """Erase a case with its steps, contact, published reply and words; False: there is none of that number.

    The rating it came with stays. A restored backup does not bring it back.
    """
    with writing() as session:
        case = session.get(FeedbackCase, case_id)
        if case is None:
            return False
        remember_erased_case(session, case.code_digest)
        _erase_case(session, case, reason)
    empty_log()
    return True


def _erase_case(session: Session, case: FeedbackCase, note: str) -> None:
    audit.record(session, "erase_case", "feedback", case.id, province_id=case.province_id, after={"note": note})
    queries.erase_case(session, case)


def _record(session: Session, erased: Counter[int], which: str, note: str) -> None:
    for province_id, count in sorted(erased.items()):
        after = {"count": count, "note": note}
        audit.record(session, "erase_responses", "responses", which, province_id=province_id, after=after)


def apply_rules(*, dry_run: bool = False) -> dict[str, int]:
    """Drop what is over by each rule, all in one transaction; how much of each. `dry_run` only counts."""
    dropped: dict[str, int] = {}
    try:
        with writing() as session:
            take_turn(session, "retention")  # timers of two servers may fire at once
            dropped = {
                name: rule(session) for name, rule in progress(RULES.items(), _("Áp dụng các quy tắc"), len(RULES))
            }
            shuffle_rows(session, now() - NEW_ROWS)
            told = {name: count for name, count in dropped.items() if count and name in LOGGED}
            if told:
                audit.record(session, "apply_retention", "responses", "retention", after=told)
            if dry_run:
                raise _Rehearsal
    except _Rehearsal:
        return dropped
    empty_log()
    return dropped
