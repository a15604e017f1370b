"""Who calls: a device shows its key as a bearer token; only the key's digest is stored."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Response, abort, jsonify, request
from flask_babel import gettext as _

from kiosk.queries import fetch_device_of_key
from survey.foundation.identifiers import digest


class KnownDevice(NamedTuple):
    """The device that sent a request."""

    id: uuid.UUID
    name: str


def require_device() -> KnownDevice:
    """The device whose key the request carries.

    Raises:
        Unauthorized: no key, an unknown key, or the key of a revoked device.
    """
    row = fetch_device_of_key(digest(_bearer()))
    if row is None:
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
