"""Reads the file of a kiosk that will never reach the server again, and takes its answers in through the door."""

from __future__ import annotations

import json
import uuid
from collections import Counter as Count
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask_babel import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, InstanceOf

from kiosk.api.batch_ingest import Result, context_of, judge_and_store
from kiosk.device_clock import DeviceClock
from survey.devices.models import Device
from survey.devices.queries import keep_queue_file
from survey.devices.queue_files import TakenIn, announce
from survey.devices.signatures import is_signed_by
from survey.foundation.batched import batched
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.identifiers import digest, parse_id
from survey.foundation.storage.database import db, writing

BATCH = 500


class QueueFileError(ValueError):
    """The file is none of ours, damaged or changed; says what to do."""


class SignedFile(BaseModel):
    """The file: a queue as JSON text, and the device's signature over that text."""

    model_config = ConfigDict(strict=True, frozen=True)

    payload: InstanceOf[str]  # any text, even with half a surrogate pair: its signature tells whether it is ours
    signature: str = ""


class Queue(DeviceClock):
    """What the text holds: the answers, each judged on its own, beside what the device says of its clock."""

    format: Literal["hai-long-kiosk-queue"]
    device: Annotated[uuid.UUID, BeforeValidator(parse_id)]
    responses: list[Any]


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
        signed = SignedFile.model_validate(json.loads(data))
        queue = Queue.model_validate(json.loads(signed.payload))
    except (ValueError, RecursionError) as error:
        raise QueueFileError(_("Đây không phải tệp hàng chờ do kiosk xuất, hoặc tệp bị hỏng. Hãy xuất lại.")) from error
    device = db.session.get(Device, queue.device)
    if device is None:
        raise QueueFileError(_("Không có kiosk %(id)s trong hệ thống này.", id=str(queue.device)))
    _check_signature(signed, device)
    content = signed.payload.encode("utf-8", "replace").decode()
    clock = DeviceClock(offsets=queue.offsets, uncertain=queue.uncertain)
    return SignedQueue(queue.device, digest(content), clock, queue.responses)


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
        for some in batched(file.answers, BATCH):
            results += judge_and_store(session, some, context)
        counts = dict(Count(result["status"] for result in results))
        stored = [uuid.UUID(result["id"]) for result in results if result["status"] == "stored"]
        is_new = keep_queue_file(session, file.device_id, file.digest, at, stored)
        is_revoked = context.revoked_at is not None
        announce(session, TakenIn(file.device_id, file.digest, at, stored, counts, is_revoked, is_new))
        audit.record(session, "import_queue_file", "device", file.device_id, province_id=province_id, after=counts)
    return counts, [result for result in results if result["status"] in ("conflict", "invalid")]


def _check_signature(signed: SignedFile, device: Device) -> None:
    if device.public_key is None:
        raise QueueFileError(
            _("Kiosk này chưa đăng ký khóa ký, nên không kiểm được tệp. Hãy ghép lại máy rồi xuất lại tệp từ kiosk.")
        )
    if not is_signed_by(device.public_key, signed.payload, signed.signature):
        raise QueueFileError(
            _("Chữ ký của tệp không đúng: tệp đã bị sửa, hoặc máy đã được ghép lại sau đó. Hãy xuất lại từ kiosk.")
        )
