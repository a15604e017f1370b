"""The form of one answer as a kiosk sends it: a schema compiled once, and what is wrong in Vietnamese, by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from survey.foundation.clock import parse_instant

CODE_LIMIT = 40
VERSION_LIMIT = 2**31


class BadAnswer(ValueError):
    """What is wrong with an answer, in Vietnamese for the desk."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("not printable")
    return text


def _instant(text: object) -> dt.datetime:
    try:
        return parse_instant(str(text))
    except OverflowError as error:
        raise ValueError(str(error)) from error


Code = Annotated[str, Field(min_length=1, max_length=CODE_LIMIT), AfterValidator(_printable)]


class SentAnswer(BaseModel):
    """One element of ``responses``; what else it holds is kept as sent. The id is read before, to name the answer."""

    model_config = ConfigDict(strict=True, frozen=True)

    counter: Code
    answered_at: Annotated[dt.datetime, BeforeValidator(_instant)]
    questionnaire: Code
    version: Annotated[int, Field(gt=0, lt=VERSION_LIMIT)]
    service: Code | Literal[""] | None = None
    respondent_kind: Code | Literal[""] | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,6})?$")] = "vi"
    answers: dict[str, Any]
    comment: str | None = None


def sent_answer(raw: Mapping[str, object]) -> SentAnswer:
    """An answer in the form above.

    Raises:
        BadAnswer: a field is missing or of the wrong type.
    """
    try:
        return SentAnswer.model_validate(raw)
    except ValidationError as error:
        field = str(error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0])
        raise BadAnswer(_problem(field)) from error


def _problem(field: str) -> str:
    told = {
        "version": _("“version” phải là số nguyên dương."),
        "language": _("“language” phải là mã ngôn ngữ, ví dụ vi."),
        "answered_at": _("“answered_at” phải theo ISO 8601 có múi giờ, ví dụ 2026-11-20T09:00:00+07:00."),
        "answers": _("“answers” phải là một đối tượng JSON."),
        "comment": _("“comment” phải là chuỗi hoặc null."),
    }
    is_code = _("“%(name)s” phải là một mã (chuỗi từ 1 đến %(n)s ký tự).", name=field, n=CODE_LIMIT)
    return str(told.get(field, is_code))
