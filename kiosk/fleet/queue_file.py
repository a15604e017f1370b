"""Reads the file of a kiosk that will never reach the server again, and takes its answers in through the door."""

from __future__ import annotations

import json
import uuid
from collections import Counter as Count
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kiosk.api.batch_ingest import Result, context_of, judge_and_store
from kiosk.device_clock import DeviceClock
from survey.devices.models import Device
from survey.devices.queries import keep_queue_file
from survey.devices.queue_files import TakenIn, announce
from survey.devices.signatures import is_signed_by
from survey.foundation import audit
from survey.foundation.clock import now
from survey.foundation.database import db, writing
from survey.foundation.identifiers import digest, parse_id

FORMAT = "hai-long-kiosk-queue"
BATCH = 500


class QueueFileError(ValueError):
    """The file is none of ours, damaged or changed; says what to do."""


@dataclass(frozen=True)
class SignedQueue:
    """A file whose signature is right; `digest` names its content."""

    device_id: uuid.UUID
    digest: str
    clock: DeviceClock
    answers: list[object]


def read_queue_file(data: bytes) -> SignedQueue:
    """Check a file's form and signature.

    Raises:
        QueueFileError: it is no queue file, of no known device, or was changed after the kiosk wrote it.
    """
    try:
        outer = json.loads(data)
        payload = json.loads(outer["payload"])
        device_id = parse_id(payload["device"])
        answers = payload["responses"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise QueueFileError(_("Đây không phải tệp hàng chờ do kiosk xuất, hoặc tệp bị hỏng. Hãy xuất lại.")) from error
    if payload.get("format") != FORMAT or not isinstance(answers, list):
        raise QueueFileError(_("Tệp này không đúng dạng hàng chờ của kiosk."))
    device = db.session.get(Device, device_id)
    if device is None:
        raise QueueFileError(_("Không có kiosk %(id)s trong hệ thống này.", id=str(device_id)))
    _check_signature(outer, device)
    clock = DeviceClock.parse({name: payload.get(name) for name in ("offsets", "uncertain")})
    content = str(outer["payload"]).encode("utf-8", "replace").decode()
    return SignedQueue(device_id, digest(content), clock, answers)


def import_queue_file(file: SignedQueue, province_id: int) -> tuple[dict[str, int], list[Result]]:
    """Take in the answers of a file, all in one transaction with its traces: audit log, kept file, signal.

    Reading the same file twice changes nothing: those are duplicates.

    Returns:
        How many of each status, and the results that need a look (`conflict`, `invalid`).
    """
    at = now()
    with writing() as session:
        context = context_of(session, file.device_id, file.clock, at)
        results: list[Result] = []
        for start in range(0, len(file.answers), BATCH):
            results += judge_and_store(session, file.answers[start : start + BATCH], context)
        counts = dict(Count(result["status"] for result in results))
        stored = [uuid.UUID(result["id"]) for result in results if result["status"] == "stored"]
        is_new = keep_queue_file(session, file.device_id, file.digest, at, stored)
        is_revoked = context.revoked_at is not None
        announce(session, TakenIn(file.device_id, file.digest, at, stored, counts, is_revoked, is_new))
        audit.record(session, "import_queue_file", "device", file.device_id, province_id=province_id, after=counts)
    return counts, [result for result in results if result["status"] in ("conflict", "invalid")]


def _check_signature(outer: dict[str, Any], device: Device) -> None:
    if device.public_key is None:
        raise QueueFileError(
            _("Kiosk này chưa đăng ký khóa ký, nên không kiểm được tệp. Hãy ghép lại máy rồi xuất lại tệp từ kiosk.")
        )
    if not is_signed_by(device.public_key, str(outer["payload"]), str(outer.get("signature"))):
        raise QueueFileError(
            _("Chữ ký của tệp không đúng: tệp đã bị sửa, hoặc máy đã được ghép lại sau đó. Hãy xuất lại từ kiosk.")
        )
