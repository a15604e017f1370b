"""The form of one answer as a kiosk sends it: a schema compiled once, and what is wrong in words."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from survey.foundation.clock import parse_instant
from survey.foundation.identifiers import parse_id
from survey.foundation.interface.schema_problems import schema_problems
from survey.foundation.languages.citizen_languages import is_language_code

CODE_LIMIT = 40
VERSION_LIMIT = 2**31


class BadAnswer(ValueError):
    """What is wrong with an answer, in Vietnamese for the desk."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(_("có ký tự không in được"))
    return text


def _id(given: object) -> uuid.UUID:
    return given if isinstance(given, uuid.UUID) else parse_id(given)


def _instant(text: object) -> dt.datetime:
    try:
        return parse_instant(str(text))
    except (ValueError, OverflowError) as error:
        raise ValueError(_("phải theo ISO 8601 có múi giờ, ví dụ 2026-11-20T09:00:00+07:00")) from error


def _language(text: str) -> str:
    if not is_language_code(text):
        raise ValueError(_("phải là mã ngôn ngữ, ví dụ vi"))
    return text


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


Code = Annotated[str, Field(min_length=1, max_length=CODE_LIMIT), AfterValidator(_printable)]
CodeOrNone = Annotated[Code | None, BeforeValidator(_none_if_empty)]


class SentAnswer(BaseModel):
    """One element of ``responses``; what else it holds is kept as sent."""

    model_config = ConfigDict(strict=True, frozen=True)

    id: Annotated[uuid.UUID, BeforeValidator(_id)]
    counter: Code
    answered_at: Annotated[dt.datetime, BeforeValidator(_instant)]
    questionnaire: Code
    version: Annotated[int, Field(gt=0, lt=VERSION_LIMIT)]
    service: CodeOrNone = None
    respondent_kind: CodeOrNone = None
    language: Annotated[str, AfterValidator(_language)] = "vi"
    answers: dict[str, Any]
    comment: str | None = None
    reply: Annotated[
        Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None,
        Field(description="Who left the words wants a reply: the mark of the code that the kiosk drew for them."),
    ] = None


def sent_answer(raw: Mapping[str, object]) -> SentAnswer:
    """An answer in the form above.

    Raises:
        BadAnswer: a field is missing or of the wrong type.
    """
    try:
        return SentAnswer.model_validate(raw)
    except ValidationError as error:
        raise BadAnswer("; ".join(map(str, schema_problems(error)))) from error
