"""Work is claimed by a conditional update: of two servers that want the same row, the database lets one have it.

A claim older than `ABANDONED` belongs to a process that died; it may be taken over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from sqlalchemy import ColumnElement, and_, or_, select, update

from analysis.reports.models import DueReport, ReportDelivery
from survey.foundation.clock import now
from survey.foundation.storage.database import db, rows_changed, writing

ABANDONED = dt.timedelta(minutes=15)
FIRST_PAUSE = dt.timedelta(minutes=5)  # doubled after each failure
MOST_ATTEMPTS = 8

Work = type[DueReport] | type[ReportDelivery]
BUSY = {DueReport: "making", ReportDelivery: "sending"}


def fetch_ready(work: Work, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Ids of rows that may be claimed now, oldest first."""
    return db.session.scalars(select(work.id).where(_free(work), *conditions).order_by(work.id)).all()


def claim(work: Work, id_: int) -> bool:
    """Take one row for this process; False when another has it."""
    with writing() as session:
        values = {"status": BUSY[work], "claimed_at": now()}
        result = session.execute(update(work).where(work.id == id_, _free(work)).values(values))
        return rows_changed(result) == 1


def finish(work: Work, id_: int, status: str, **values: object) -> None:
    """The work is done; what is still to be said of it may stand as its `problem`."""
    with writing() as session:
        done = {"status": status, "problem": "", "claimed_at": None, **values}
        session.execute(update(work).where(work.id == id_).values(done))


def fail(work: Work, id_: int, problem: str, *, for_good: bool = False) -> None:
    """The work failed: try again later, each time later, until it is given up."""
    with writing() as session:
        row = cast("DueReport | ReportDelivery", session.get_one(work, id_))
        row.attempts += 1
        row.problem, row.claimed_at = problem[:1000], None
        given_up = for_good or row.attempts >= MOST_ATTEMPTS
        row.status = "failed" if given_up else "waiting"
        row.next_attempt_at = now() + FIRST_PAUSE * 2 ** (row.attempts - 1)


def _free(work: Work) -> ColumnElement[bool]:
    moment = now()
    return or_(
        and_(work.status == "waiting", work.next_attempt_at <= moment),
        and_(work.status == BUSY[work], work.claimed_at < moment - ABANDONED),
    )
