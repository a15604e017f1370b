"""How many of a scope's ratings carry a mark that stands beside the figure: SQL only."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, select

from analysis.figures.rating_queries import RatingScope, answers_to, conditions
from survey.devices.models import QueueFileAnswer
from survey.foundation.database import db
from survey.responses.models import AnswerBeyondCapacity, Rating, Response


class Marked(NamedTuple):
    """Ratings by a kiosk's queue file, beyond what their counter can serve in an hour, by one answer a dossier."""

    from_files: int
    beyond_capacity: int
    verified: int


def count_marked(scope: RatingScope, verified: int) -> Marked:
    """What has a table of its own in one statement, beside what was counted with the cells."""
    row = db.session.execute(select(_count(QueueFileAnswer, scope), _count(AnswerBeyondCapacity, scope))).one()
    return Marked(*row, verified)


def _count(table: type[QueueFileAnswer | AnswerBeyondCapacity], scope: RatingScope) -> ScalarSelect[int]:
    query = select(func.count()).select_from(table).join(Rating, Rating.response_id == table.response_id)
    if scope.items:
        query = query.join(Response, Response.id == Rating.response_id).where(answers_to(scope.items)[0] > 0)
    return query.where(*conditions(scope)).scalar_subquery()
