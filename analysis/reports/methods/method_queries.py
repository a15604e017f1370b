"""Which questionnaires a province asks about a sector, and since when: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from survey.foundation.storage.database import db
from survey.questionnaires.models import Questionnaire, QuestionnaireUse, QuestionnaireVersion


class AskedVersion(NamedTuple):
    """A questionnaire asked today: its newest version."""

    key: str
    title: str
    version: int
    published_at: dt.datetime
    definition: Mapping[str, Any]


def fetch_asked(province_id: int, sector: str, day: dt.date) -> list[AskedVersion]:
    """The sector's short form, then what is put to use somewhere in the province on a day."""
    use, version = QuestionnaireUse, QuestionnaireVersion
    used = select(use.questionnaire_key).where(
        use.province_id == province_id, use.since <= day, or_(use.until.is_(None), use.until >= day)
    )
    query = (
        select(Questionnaire.key, Questionnaire.title, version.version, version.published_at, version.definition)
        .join(version, version.questionnaire_key == Questionnaire.key)
        .where(
            Questionnaire.sector == sector,
            version.published_at.is_not(None),
            or_(Questionnaire.key == sector, Questionnaire.key.in_(used)),
        )
        .order_by(Questionnaire.key != sector, Questionnaire.key, version.published_at, version.version)
    )
    newest = {row.key: AskedVersion(*row) for row in db.session.execute(query)}
    return list(newest.values())
