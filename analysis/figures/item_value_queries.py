"""How often each value was given to detailed questions, over the very answers a figure is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from analysis.figures.rating_queries import RatingScope, conditions
from survey.foundation.storage.database import db
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.questionnaires.types.item import counted
from survey.responses.models import Rating, Response

BATCH = 5000  # answers held at once


def fetch_item_values(scope: RatingScope) -> dict[str, Counter[int]]:
    """By item and value, over the answers of a scope; of several choices each, and under 0 that any was ticked."""
    query = select(Response.answers).join(Rating, Response.id == Rating.response_id).where(*conditions(scope))
    counts_of: dict[str, Counter[int]] = {}
    for answers in db.session.scalars(query.execution_options(yield_per=BATCH)):
        for code, value in counted(answers):
            counts_of.setdefault(code, Counter())[value] += 1
    return counts_of


def fetch_forms(sector: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Key, title and newest published definition of a sector's questionnaires; the short form first."""
    version = QuestionnaireVersion
    query = (
        select(Questionnaire.key, Questionnaire.title, version.definition)
        .join(version, version.questionnaire_key == Questionnaire.key)
        .where(Questionnaire.sector == sector, version.published_at.is_not(None))
        .order_by(Questionnaire.key != sector, Questionnaire.key, version.published_at, version.version)
    )
    newest = {key: (title, definition) for key, title, definition in db.session.execute(query)}
    return [(key, title, definition) for key, (title, definition) in newest.items()]
