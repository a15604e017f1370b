"""A counter with services, and devices paired with it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.kiosk.desk import OWNER
from tests.kiosk.driving import TEN_INCH, KioskDriver, pair_at_once
from tests.kiosk.world import COUNTER, make_world
from tests.support.applications import LiveServer
from tests.support.browsers import MakeContext
from tests.support.device_keys import DeviceKeys
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

database_url = stored_world("two_counters", make_world, "world")


@pytest.fixture(autouse=True)
def _quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """PINs hashed with little effort: the program's takes 30 ms for each device that is paired."""
    monkeypatch.setattr("kiosk.pairing.PIN_ITERATIONS", 1_000)


@pytest.fixture
def world(app: Flask) -> Flask:
    """The application with two counters at one agency."""
    return app


@dataclass(frozen=True)
class PairedDevice:
    """A device as the server knows it, with its key."""

    id: str
    key: str
    client: FlaskClient
    keys: DeviceKeys

    @property
    def headers(self) -> dict[str, str]:
        """What proves that it is this device."""
        return {"Authorization": f"Bearer {self.key}"}

    def send(self, *answers: Any, **envelope: Any) -> list[dict[str, Any]]:
        """Post answers; give back the results."""
        body = {"responses": list(answers), **envelope}
        answer = self.client.post("/kiosk/api/responses", data=json.dumps(body), headers=self.headers)
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json["results"]
        return results

    def statuses(self, *answers: Any, **envelope: Any) -> list[str]:
        """Post answers; give back only the status of each."""
        return [result["status"] for result in self.send(*answers, **envelope)]


Pair = Callable[..., PairedDevice]


@pytest.fixture
def pair(world: Flask) -> Pair:
    """Pairs a new device with a counter: `pair()`, `pair("other-counter")`."""
    from kiosk import pairing

    def make(counter: str = COUNTER, previous_key: str | None = None) -> PairedDevice:
        keys = DeviceKeys()
        with world.app_context():
            paired = pairing.pair(pairing.issue_code(counter), previous_key, keys.public)
        return PairedDevice(str(paired.device_id), paired.key, world.test_client(), keys)

    return make


@pytest.fixture
def device(pair: Pair) -> PairedDevice:
    """A device paired with the counter."""
    return pair()


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    """At the desk, in charge of the sector of both counters."""
    return signed_in(world, "owner", **OWNER)


@pytest.fixture
def unpaired(live_server: LiveServer, new_context: MakeContext) -> KioskDriver:
    """A ten-inch tablet in front of a server with two counters."""
    make_world(live_server.app)
    return KioskDriver(new_context(viewport=TEN_INCH, has_touch=True).new_page(), live_server.url)


@pytest.fixture
def kiosk(unpaired: KioskDriver, live_server: LiveServer) -> KioskDriver:
    """The same, paired and at its start screen."""
    pair_at_once(unpaired, live_server)
    return unpaired


def answer(**changes: Any) -> dict[str, Any]:
    """One valid answer, as a kiosk sends it."""
    from survey.foundation.clock import now

    return {
        "id": str(uuid.uuid4()),
        "questionnaire": "administration",
        "version": 1,
        "counter": COUNTER,
        "service": None,
        "respondent_kind": None,
        "language": "vi",
        "answered_at": now().isoformat(),
        "answers": {"overall_service": 4},
        "comment": None,
        **changes,
    }
