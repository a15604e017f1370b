"""`fill`: the whole demonstration in one transaction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from survey.demo.accounts import store_accounts
from survey.demo.store import store_answers, store_caseloads, store_register
from survey.foundation.clock import month_of
from survey.foundation.installation_flags import DEMO, Fact
from survey.foundation.periods import shift_month
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency


class NotEmpty(RuntimeError):
    """The database already holds agencies: invented data must never mix with real data."""


def is_empty() -> bool:
    """Whether no agency has been entered yet."""
    return not db.session.scalar(select(func.count()).select_from(Agency))


def last_full_month(until: dt.date) -> str:
    """The month before the one `until` lies in."""
    return shift_month(month_of(until), -1)


def fill(until: dt.date, part: float = 1.0) -> int:
    """Fill an empty database with the demonstration up to a day; returns how many answers it holds.

    `part` (0-1) thins the answers for a quick look; agencies and caseloads are all there.

    Raises:
        NotEmpty: there are agencies already.
    """
    if not is_empty():
        raise NotEmpty("Cơ sở dữ liệu đã có cơ quan, đơn vị; dữ liệu minh họa chỉ nạp được vào cơ sở dữ liệu trống.")
    with writing() as session:
        store_register(session)
        store_caseloads(session, last_full_month(until))
        store_accounts(session)
        answers = store_answers(session, last_full_month(until), until, part)
        session.add(Fact(key=DEMO, value={"until": until.isoformat(), "answers": answers, "done": []}))
    return answers
