"""Kiosks, and at last the counter they stood at: one real change for every address."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from werkzeug.test import TestResponse

from survey.foundation.identifiers import new_id
from tests.guards.changes.desk import Desk, agency_page, press
from tests.guards.places import Place
from tests.support.device_keys import queue_file_of


def _device(desk: Desk) -> str:
    return f"/desk/devices/{desk.place.device}"


def queue_file(place: Place) -> tuple[io.BytesIO, str]:
    """The file of a place's kiosk (signed with the key that places.py gave it), as an upload."""
    answer = {"id": str(new_id()), "counter": place.counter}
    return io.BytesIO(queue_file_of(str(place.device), place.keys, [answer])), "hang-cho.json"


def import_queue(desk: Desk) -> TestResponse:
    return desk.submit("/desk/devices/import", file=queue_file(desk.place))


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "fleet.pair": lambda desk: desk.submit("/desk/devices/pair", counter=desk.place.counter),
    "fleet.rename": press(_device, "name", name="Kiosk cửa chính"),
    "fleet.pair_again": press(_device, "code"),
    "fleet.renew_pin": press(_device, "pin"),
    "fleet.move": press(_device, "counter", counter="thu-quay"),
    "fleet.import_file": import_queue,
    "fleet.revoke": press(_device, "revoke"),
    "counters.close": lambda desk: desk.submit(
        f"{agency_page(desk)}/counters/{desk.place.counter}/closing",
        f"{agency_page(desk)}/counters/{desk.place.counter}",
        closed_on="2026-11-30",
    ),
}
