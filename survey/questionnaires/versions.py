"""Published versions of questionnaires: which one is asked now, and what an older one asked."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.questionnaires.definition import Definition
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion


class VersionName(NamedTuple):
    """Names one immutable version."""

    key: str
    version: int


def current_version(session: Session, sector: str) -> VersionName | None:
    """The version asked about a sector's services: of the questionnaire named like it, the one published last."""
    published = QuestionnaireVersion.published_at
    query = (
        select(QuestionnaireVersion.questionnaire_key, QuestionnaireVersion.version)
        .join(Questionnaire)
        .where(Questionnaire.sector == sector, Questionnaire.key == sector, published.is_not(None))
        .order_by(published.desc(), QuestionnaireVersion.version.desc(), QuestionnaireVersion.questionnaire_key)
        .limit(1)
    )
    row = session.execute(query).first()
    return VersionName(*row) if row else None


def load_definition(session: Session, name: VersionName) -> Definition | None:
    """What a published version asks; None if there is no such version."""
    query = select(QuestionnaireVersion.definition).where(
        QuestionnaireVersion.questionnaire_key == name.key,
        QuestionnaireVersion.version == name.version,
        QuestionnaireVersion.published_at.is_not(None),
    )
    data = session.scalar(query)
    return None if data is None else Definition.parse(data)
