"""What devices talk to: pairing, configuration, answers, heartbeat.

Every call but pairing carries the device's key and, once it has signed, its signature (`authentication.py`). Whoever
has the key alone learns what a citizen at the counter is asked, and can call for help in the device's name.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask_babel import gettext as _

from kiosk import pairing
from kiosk.api import heartbeat
from kiosk.api.authentication import Caller, caller_of, is_signed_with, refuse_unsigned, require_device
from kiosk.api.batch_ingest import Result, take_in
from kiosk.api.configuration import configuration_of
from kiosk.api.request_schema import PairingRequest, SentBatch, body_as, json_object
from kiosk.device_clock import DeviceClock
from kiosk.pairing_failures import UnknownCodeError, note_refusal
from survey.devices.signatures import read_public_key
from survey.foundation.access import public
from survey.foundation.caching.register import Register, known_register, under_register
from survey.foundation.clock import now
from survey.foundation.identifiers import content_hash
from survey.foundation.security.codes import note_unknown_code, refuse_who_guesses
from survey.foundation.storage.database import db

BATCH_LIMIT = 500
KEY = "the device's key and signature, in headers that no other site can make a browser send"

blueprint = Blueprint("kiosk_api", __name__, url_prefix="/kiosk/api")


@blueprint.post("/pair")
@public(
    "trades a pairing code for the key",
    proof="the pairing code; there is no session to ride on",
    printed="kiosks in the field call it",
)
def pair() -> Response:
    """Redeem a pairing code; a device that could lose answers is not paired, and the desk learns why."""
    sent = body_as(PairingRequest)
    refuse_who_guesses()
    if sent.missing is not None:
        return _refuse_pairing(sent.code, sent.missing)
    try:
        paired = pairing.pair(sent.code, sent.key, sent.public_key, signs=_signs(sent.public_key))
    except pairing.PairingError as problem:
        note_unknown_code()
        abort(404, str(problem))
    return jsonify(
        {
            "device": str(paired.device_id),
            "key": paired.key,
            "counter": paired.counter,
            "pin": paired.pin,
            "now": now().isoformat(),
        }
    )


def _signs(public_key: str | None) -> bool:
    return public_key is not None and is_signed_with(read_public_key(public_key))


def _refuse_pairing(code: str, parts: list[str]) -> Response:
    try:
        note_refusal(code, parts)
    except UnknownCodeError as problem:
        note_unknown_code()
        abort(404, str(problem))
    return jsonify({"noted": _("Đã báo cho bàn làm việc. Mã ghép vẫn dùng được cho đến khi hết hạn.")})


@blueprint.get("/config")
@public(
    KEY,
    proof=KEY,
    printed="kiosks in the field call it",
)
def config() -> Response:
    """The device's configuration, with an ETag so that an unchanged one costs nothing."""
    configuration = _configuration(caller_of(known_register(max_age=0)))
    answer = jsonify(configuration)
    answer.set_etag(content_hash(configuration))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.post("/responses")
@public(
    KEY,
    proof=KEY,
    printed="kiosks in the field call it, with answers that may be weeks old",
)
def responses() -> Response:
    """Take in a batch of answers; each gets its own word; `stored` and `duplicate` mean it may be forgotten."""
    return jsonify({"results": under_register(_take_in), "now": now().isoformat()})


def _take_in(register: Register) -> list[Result]:
    device = require_device(register)
    answers = body_as(SentBatch).responses
    if len(answers) > BATCH_LIMIT:
        abort(413, _("Mỗi lần gửi tối đa %(n)s đánh giá.", n=BATCH_LIMIT))
    return take_in(register, device.id, answers, body_as(DeviceClock))


@blueprint.post("/status")
@public(
    KEY,
    proof=KEY,
    printed="kiosks in the field call it",
)
def status() -> Response:
    """What the device says of itself; it learns the time and whether there is something new for it."""
    device = caller_of(known_register(max_age=0))
    said = json_object()
    if device.is_proven:
        heartbeat.note_status(device.id, said)
    elif not heartbeat.note_call_for_help(device.id, said):
        refuse_unsigned()
    return jsonify({"now": now().isoformat(), "config": content_hash(_configuration(device))})


def _configuration(device: Caller) -> dict[str, Any]:
    """What is asked at the counter; the PIN's hash only for the device itself: six digits are soon tried."""
    configuration = configuration_of(db.session(), device.id)
    return configuration if device.is_proven else {name: configuration[name] for name in configuration if name != "pin"}
