"""A questionnaire with one of its versions as a file (docs/questionnaire.schema.json), in and out."""

from __future__ import annotations

import json

from flask_babel import gettext as _
from pydantic import ValidationError
from sqlalchemy.orm import Session

from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.interface.schema_problems import schema_problems
from survey.foundation.storage.database import writing
from survey.questionnaires.definition import Definition, DefinitionError
from survey.questionnaires.definition_schema import QuestionnaireFile
from survey.questionnaires.form import try_send
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.questionnaires.queries import fetch_questionnaire, fetch_version
from survey.questionnaires.types import ITEM_TYPES


class FileProblem(ValueError):
    """Why a file cannot be taken in, or not be written, and what to do about it."""


def import_file(content: bytes) -> tuple[int, bool]:
    """Publish the version a file holds: its number, and whether it is new. The same again changes nothing.

    Raises:
        FileProblem: no questionnaire, another one of this key, or a published version would change.
    """
    file, definition = _read(content)
    stored = definition.as_json()
    with writing() as session:
        there = fetch_version(file.key, file.version)
        if there is not None:
            if there.published_at is None or Definition.parse(there.definition) != definition:
                raise FileProblem(_("bản %(n)s đã có với nội dung khác: đặt số bản khác.", n=file.version))
            return file.version, False
        _ensure(session, file)
        version = {"questionnaire_key": file.key, "version": file.version, "published_at": now()}
        session.add(QuestionnaireVersion(definition=stored, **version))
        after = {"version": file.version, "definition": stored}
        audit.record(session, "publish_questionnaire", "questionnaire", file.key, after=after)
    return file.version, True


def export_file(key: str, number: int) -> str:
    """A published version as the text of a file.

    Raises:
        FileProblem: there is no such version.
    """
    questionnaire, version = fetch_questionnaire(key), fetch_version(key, number)
    if questionnaire is None or version is None or version.published_at is None:
        raise FileProblem(_("Không có phiếu %(key)s phiên bản %(n)s.", key=key, n=number))
    said = {"key": key, "sector": questionnaire.sector, "title": questionnaire.title, "version": number}
    return json.dumps(said | {"definition": version.definition}, ensure_ascii=False, indent=2) + "\n"


def _read(content: bytes) -> tuple[QuestionnaireFile, Definition]:
    try:
        data = json.loads(content)
        file = QuestionnaireFile.model_validate(data)
        definition = Definition.parse(data["definition"])
        try_send(definition)
    except ValidationError as error:
        raise FileProblem("; ".join(map(str, schema_problems(error, tags=ITEM_TYPES)))) from error
    except DefinitionError as error:
        raise FileProblem(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise FileProblem(_("không phải tệp JSON: %(why)s", why=str(error)[:200])) from error
    return file, definition


def _ensure(session: Session, file: QuestionnaireFile) -> None:
    there = fetch_questionnaire(file.key)
    if there is None:
        session.add(Questionnaire(key=file.key, sector=file.sector, title=file.title))
        session.flush()
    elif there.sector != file.sector:
        raise FileProblem(_("phiếu %(key)s thuộc ngành %(sector)s.", key=file.key, sector=there.sector))
