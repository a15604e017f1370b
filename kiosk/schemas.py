"""What a kiosk sends, as one JSON Schema written from the models that read it."""

from __future__ import annotations

from typing import Any

from kiosk.api.answer_schema import SentAnswer
from kiosk.api.heartbeat_schema import Heartbeat
from kiosk.api.request_schema import PairingRequest, SentBatch
from kiosk.device_clock import DeviceClock
from kiosk.fleet.queue_file import Queue, SignedFile
from survey.foundation.interface.json_schemas import schemas_by_name

MODELS = (PairingRequest, SentBatch, SentAnswer, DeviceClock, Heartbeat, SignedFile, Queue)


def kiosk_schema() -> dict[str, Any]:
    """Each body under its model's name in ``$defs``."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "What a kiosk sends"}
    return head | {"$defs": schemas_by_name(MODELS, "#/$defs")}
