"""Who calls: a device shows its key and signs the request; only the key's digest and a public key are stored.

A device that has once signed must always sign: then its key alone, copied, proves nothing. One that never has - paired
before there were signatures, or a program that paired with the code alone - is still known by its key.
"""

from __future__ import annotations

import uuid
from typing import NamedTuple, NoReturn

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from flask import abort, jsonify, request
from flask_babel import gettext as _

from kiosk.api.request_signature import RequestSignature, signature_of
from kiosk.queries import fetch_device_of_key
from survey.devices.queries import mark_signing
from survey.devices.signatures import read_public_key
from survey.foundation.caching.register import Register, ensure_standing, known_register
from survey.foundation.clock import now
from survey.foundation.identifiers import digest
from survey.foundation.storage.database import writing

REVOKED, UNSIGNED, UNTIMELY = "revoked", "signature", "time"


class Caller(NamedTuple):
    """The device whose key a request carries; `is_proven`: and it is that device that sent it."""

    id: uuid.UUID
    name: str
    is_proven: bool


class _Known(NamedTuple):
    """What is remembered of the device of a key."""

    id: uuid.UUID
    name: str
    public_key: EllipticCurvePublicKey | None
    signs: bool


def require_device(register: Register | None = None) -> Caller:
    """The device that sent the request, by what is known of the register.

    Raises:
        Unauthorized: no key, an unknown key, the key of a revoked device, or a signature that is missing or wrong.
        RegisterChanged: the given register no longer stands.
    """
    known = register or known_register(max_age=0)
    caller = caller_of(known)
    if not caller.is_proven:
        ensure_standing(known)
        refuse_unsigned()
    return caller


def caller_of(known: Register) -> Caller:
    """The device whose key the request carries, proven or not.

    Raises:
        Unauthorized: no key, an unknown key, the key of a revoked device, or a signature made at another time.
        RegisterChanged: the given register no longer stands.
    """
    key_digest = digest(_bearer())
    device = known.one("device of key", key_digest, lambda: _read(key_digest))
    if device is None:
        ensure_standing(known)
        _refuse(REVOKED, _("Khóa của máy không còn hiệu lực. Vui lòng ghép lại máy với quầy."))
    is_signed = device.public_key is not None and is_signed_with(device.public_key)
    if is_signed and not device.signs:
        with writing() as session:
            mark_signing(session, device.id)
    return Caller(device.id, device.name, is_signed or not device.signs)


def is_signed_with(key: EllipticCurvePublicKey) -> bool:
    """Whether the request carries this key's signature.

    Raises:
        Unauthorized: it does, but made at another time; the answer tells ours.
    """
    signature: RequestSignature | None = signature_of(request)
    if signature is None or not signature.is_of(key):
        return False
    if not signature.is_timely:
        _refuse(UNTIMELY, _("Chữ ký của máy không được làm vào lúc này: máy ký lại theo giờ của máy chủ."))
    return True


def refuse_unsigned() -> NoReturn:
    """It carries a device's key, but not the signature of that device."""
    message = _("Chữ ký của máy không có hoặc không đúng (dữ liệu trên máy có thể đã bị xóa). Vui lòng ghép lại máy.")
    _refuse(UNSIGNED, message)


def _read(key_digest: str) -> _Known | None:
    row = fetch_device_of_key(key_digest)
    if row is None:
        return None
    id_, name, public_key, signs = row
    return _Known(id_, name, None if public_key is None else read_public_key(public_key), signs)


def _bearer() -> str:
    given = request.authorization
    return given.token or "" if given is not None and given.type == "bearer" else ""


def _refuse(reason: str, message: str) -> NoReturn:
    answer = jsonify({"error": {"code": 401, "message": message, "reason": reason}, "now": now().isoformat()})
    answer.status_code = 401
    answer.headers["WWW-Authenticate"] = 'Bearer realm="kiosk"'
    abort(answer)
