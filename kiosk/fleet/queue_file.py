"""Reads the file of a kiosk that will never reach the server again, and takes its answers in through the door."""

from __future__ import annotations

import hmac
import json
import uuid
from collections import Counter as Count
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kiosk.device_clock import DeviceClock
from kiosk.intake import Result, take_in
from survey.devices.models import Device
from survey.foundation.database import db
from survey.foundation.identifiers import parse_id

FORMAT = "hai-long-kiosk-queue"
BATCH = 500


class QueueFileError(ValueError):
    """The file is none of ours, damaged or changed; says what to do."""


@dataclass(frozen=True)
class QueueFile:
    """A file whose signature is right."""

    device_id: uuid.UUID
    clock: DeviceClock
    answers: list[object]


def read_queue_file(data: bytes) -> QueueFile:
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
    return QueueFile(
        device_id, DeviceClock.parse({name: payload.get(name) for name in ("offsets", "uncertain")}), answers
    )


def import_queue_file(file: QueueFile) -> tuple[dict[str, int], list[Result]]:
    """Take in the answers, in batches. Reading the same file twice changes nothing: those are duplicates.

    Returns:
        How many of each status, and the results that need a look (`conflict`, `invalid`).
    """
    results: list[Result] = []
    for start in range(0, len(file.answers), BATCH):
        results += take_in(file.device_id, file.answers[start : start + BATCH], file.clock, contact=False)
    counts = Count(result["status"] for result in results)
    return dict(counts), [result for result in results if result["status"] in ("conflict", "invalid")]


def _check_signature(outer: dict[str, Any], device: Device) -> None:
    made = hmac.new(device.key_digest.encode(), str(outer["payload"]).encode("utf-8", "replace"), "sha256").hexdigest()
    if not hmac.compare_digest(made, str(outer.get("signature")).encode("ascii", "replace").decode()):
        raise QueueFileError(
            _("Chữ ký của tệp không đúng: tệp đã bị sửa, hoặc máy đã được ghép lại sau đó. Hãy xuất lại từ kiosk.")
        )
