"""How many of a scope's ratings came by queue file: SQL only."""

from __future__ import annotations

from sqlalchemy import func, select

from analysis.figures.rating_queries import RatingScope, conditions
from survey.devices.models import QueueFileAnswer
from survey.foundation.database import db
from survey.responses.models import Rating


def count_from_files(scope: RatingScope) -> int:
    """Ratings whose answer was taken in from a kiosk's queue file."""
    query = (
        select(func.count())
        .select_from(QueueFileAnswer)
        .join(Rating, Rating.response_id == QueueFileAnswer.response_id)
        .where(*conditions(scope))
    )
    return db.session.scalar(query) or 0
