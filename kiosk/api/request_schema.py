"""The bodies that devices send to pair and to hand over answers, and what is wrong with one in words."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from flask import abort, request
from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from kiosk.browser_requirements import known_parts
from survey.devices.signatures import read_public_key
from survey.foundation.interface.schema_problems import schema_problems

CODE_LIMIT = 40
Body = TypeVar("Body", bound=BaseModel)


def _public_key(text: str) -> str:
    try:
        read_public_key(text)
    except ValueError as error:
        raise ValueError(_("phải là khóa công khai P-256 (SPKI, base64)")) from error
    return text


def _parts(value: object) -> list[str] | None:
    if value is None:
        return None
    parts = known_parts(value)
    if not parts:
        raise ValueError(_("phải là danh sách những gì trình duyệt còn thiếu"))
    return parts


class _Request(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class PairingRequest(_Request):
    """A pairing code, maybe the key until now and the public key of what the device signs.

    A device that could lose answers says what its browser is `missing` instead: it is not paired.
    """

    code: Annotated[str, AfterValidator(lambda text: text[:CODE_LIMIT])]
    key: str | None = None
    public_key: Annotated[str, AfterValidator(_public_key)] | None = None
    missing: Annotated[list[str] | None, BeforeValidator(_parts)] = None


class SentBatch(_Request):
    """Answers, each judged on its own (`answer_schema.py`), beside what the device says of its clock."""

    responses: Annotated[list[Any], Field(description="At most 500; each is judged on its own.")]


def body_as(schema: type[Body]) -> Body:
    """The request's body in a form; anything else ends in 400."""
    try:
        return schema.model_validate(json_object())
    except ValidationError as error:
        abort(400, "; ".join(map(str, schema_problems(error))))


def json_object() -> dict[str, Any]:
    """The request's body, an object of JSON; anything else ends in 400."""
    try:
        body = request.get_json(force=True)
    except RecursionError as error:
        raise BadRequest(_("JSON lồng nhau quá sâu.")) from error
    if not isinstance(body, dict):
        abort(400, _("Cần một đối tượng JSON."))
    return body
