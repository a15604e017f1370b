"""Who calls: a device shows its key as a bearer token; only the key's digest is stored."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Response, abort, jsonify, request
from flask_babel import gettext as _

from kiosk.queries import fetch_device_of_key
from survey.foundation.identifiers import digest
from survey.foundation.register import Register, ensure_standing, known_register


class KnownDevice(NamedTuple):
    """The device that sent a request."""

    id: uuid.UUID
    name: str


def require_device(register: Register | None = None) -> KnownDevice:
    """The device whose key the request carries, by what is known of the register.

    Raises:
        Unauthorized: no key, an unknown key, or the key of a revoked device.
        RegisterChanged: the given register no longer stands.
    """
    known = register or known_register(max_age=0)
    key_digest = digest(_bearer())
    row = known.one("device of key", key_digest, lambda: fetch_device_of_key(key_digest))
    if row is None:
        ensure_standing(known)
        abort(_unauthorized())
    return KnownDevice(*row)


def _bearer() -> str:
    given = request.authorization
    return given.token or "" if given is not None and given.type == "bearer" else ""


def _unauthorized() -> Response:
    message = _("Khóa của máy không còn hiệu lực. Vui lòng ghép lại máy với quầy.")
    answer = jsonify({"error": {"code": 401, "message": message}})
    answer.status_code = 401
    answer.headers["WWW-Authenticate"] = 'Bearer realm="kiosk"'
    return answer
