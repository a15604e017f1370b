"""The floods that wait for a look: reports set apart, by the agency they are about and the hour they came. SQL only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from survey.feedback.models import WAITING, FeedbackCase
from survey.foundation.storage.database import db
from survey.registry.models import Agency

WAITS_APART = and_(FeedbackCase.set_apart, FeedbackCase.state.in_(WAITING))
FLOODS = 50  # shown at once, the largest first


@dataclass(frozen=True)
class Flood:
    """Reports set apart about one agency in one hour. `case_id`: one of them, by which all are meant."""

    agency: Agency
    opened_at: dt.datetime
    count: int
    case_id: int


def fetch_floods(reach: ColumnElement[bool]) -> list[Flood]:
    """The floods within reach."""
    count = func.count(FeedbackCase.id)
    query = (
        select(Agency, FeedbackCase.opened_at, count, func.min(FeedbackCase.id))
        .join(Agency, Agency.id == FeedbackCase.agency_id)
        .outerjoin(FeedbackCase.response)
        .where(reach, WAITS_APART)
        .group_by(Agency.id, FeedbackCase.opened_at)
        .order_by(count.desc(), FeedbackCase.opened_at, Agency.id)
    )
    return [Flood(*row) for row in db.session.execute(query.limit(FLOODS))]


def fetch_flood_of(case: FeedbackCase, reach: ColumnElement[bool], most: int) -> list[int]:
    """The ids of at most `most` cases within reach that came as this one did; itself among them if it waits apart."""
    alike = and_(FeedbackCase.agency_id == case.agency_id, FeedbackCase.opened_at == case.opened_at)
    query = select(FeedbackCase.id).outerjoin(FeedbackCase.response).where(reach, WAITS_APART, alike)
    return list(db.session.scalars(query.order_by(FeedbackCase.id).limit(most)))
