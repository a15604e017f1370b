"""Whatever a device posts: no 500, each answer of a batch judged on its own, and what is stored is what was told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from survey.responses.models import Response
from tests.kiosk.conftest import PairedDevice, answer
from tests.support.fuzz import HOSTILE, QUIETLY

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from([*HOSTILE, 10**400])
)
anything = st.recursive(
    scalars, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3)
)
fields = st.sampled_from([*answer(), "offsets", "signature", "__class__", ""])
damaged = st.dictionaries(fields, anything, max_size=3)
envelopes = st.dictionaries(
    st.sampled_from(["sent_at", "offsets", "uncertain", "forwarded", "x"]), anything, max_size=3
)
BODIES = {
    "responses": st.one_of(anything, st.fixed_dictionaries({"responses": anything})),
    "status": st.dictionaries(
        st.sampled_from(["battery", "storage_used", "errors", "refused", "queue", "counter", "public_key", "sent_at"]),
        anything,
    ),
    "pair": st.one_of(anything, st.fixed_dictionaries({"code": anything, "key": anything, "public_key": anything})),
}


def test_a_sound_answer_is_stored_once_whatever_stands_beside_it(device: PairedDevice, database: SQLAlchemy) -> None:
    @settings(max_examples=40, **QUIETLY)
    @given(st.lists(damaged, max_size=4), envelopes)
    def send(changes: list[dict[str, Any]], envelope: dict[str, Any]) -> None:
        sound, before = answer(), count(database)
        batch = [answer(**changed) for changed in changes]
        told = device.client.post(
            "/kiosk/api/responses",
            data=json.dumps({**envelope, "responses": [*batch[:2], sound, *batch[2:]]}),
            headers=device.headers,
        )
        assert told.status_code in (200, 400, 413), told.text
        statuses = [result["status"] for result in told.get_json()["results"]] if told.status_code == 200 else []
        assert count(database) - before == statuses.count("stored"), told.text
        if told.status_code == 200:
            assert statuses[len(batch[:2])] == "stored", told.text

    send()


@pytest.mark.parametrize("name", BODIES)
def test_no_body_and_no_bytes_break_any_address_of_a_device(device: PairedDevice, name: str) -> None:
    @settings(max_examples=25, **QUIETLY)
    @given(BODIES[name].map(json.dumps).map(str.encode) | st.binary(max_size=60))
    def send(body: bytes) -> None:
        told = device.client.post(f"/kiosk/api/{name}", data=body, headers=device.headers)
        assert told.status_code < 500, body
        assert told.is_json or told.status_code == 204, body

    send()


def count(database: SQLAlchemy) -> int:
    stored = database.session.scalar(select(func.count()).select_from(Response)) or 0
    database.session.rollback()
    return stored
