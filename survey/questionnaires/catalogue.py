"""The questionnaires shipped: short forms, asked at counters (standard/), and official forms (standard/official/)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from survey.foundation.clock import now
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion

STANDARD = Path(__file__).with_name("standard")


def shipped_questionnaires() -> list[dict[str, Any]]:
    """Every short form, one a sector: key, sector, title, version, definition."""
    return _read(STANDARD)


def official_questionnaires() -> list[dict[str, Any]]:
    """Every official form, with its document, clause and how sure its wording is: the same keys."""
    return _read(STANDARD / "official")


def _read(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def install_questionnaires(connection: Connection) -> None:
    """Add the shipped questionnaires and versions that are not there yet."""
    keys = set(connection.scalars(select(Questionnaire.key)))
    versions = {
        (key, version)
        for key, version in connection.execute(
            select(QuestionnaireVersion.questionnaire_key, QuestionnaireVersion.version)
        )
    }
    for shipped in (*shipped_questionnaires(), *official_questionnaires()):
        key, version = shipped["key"], shipped["version"]
        if key not in keys:
            connection.execute(insert(Questionnaire).values(key=key, sector=shipped["sector"], title=shipped["title"]))
            keys.add(key)
        if (key, version) not in versions:
            connection.execute(
                insert(QuestionnaireVersion).values(
                    questionnaire_key=key, version=version, definition=shipped["definition"], published_at=now()
                )
            )
