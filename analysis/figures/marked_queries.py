"""How many of a scope's ratings carry a mark that stands beside the figure: SQL only."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, select

from analysis.figures.rating_queries import RatingScope, conditions
from survey.devices.models import QueueFileAnswer
from survey.foundation.database import db
from survey.responses.models import AnswerBeyondCapacity, Rating


class Marked(NamedTuple):
    """Ratings that came by a kiosk's queue file, and ratings beyond what their counter can serve in an hour."""

    from_files: int
    beyond_capacity: int


def count_marked(scope: RatingScope) -> Marked:
    """Both in one statement."""
    row = db.session.execute(select(_count(QueueFileAnswer, scope), _count(AnswerBeyondCapacity, scope))).one()
    return Marked(*row)


def _count(table: type[QueueFileAnswer | AnswerBeyondCapacity], scope: RatingScope) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(table)
        .join(Rating, Rating.response_id == table.response_id)
        .where(*conditions(scope))
        .scalar_subquery()
    )
