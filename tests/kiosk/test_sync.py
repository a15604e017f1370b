"""POST /kiosk/api/responses, exactly as in the contract."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import event

from survey.foundation.clock import now, parse_instant
from survey.responses.kept_times import hour_begins
from tests.kiosk.conftest import Pair, PairedDevice, answer
from tests.kiosk.world import COUNTER, OTHER_COUNTER

HOUR = dt.timedelta(hours=1)
CLOSE = dt.timedelta(hours=1, minutes=1)  # only the hour is kept


def stored(database: SQLAlchemy) -> list[Any]:
    from survey.responses.models import Response

    return list(database.session.scalars(database.select(Response).order_by(Response.answered_at)))


def test_an_answer_is_stored_at_the_counter_of_its_device(device: PairedDevice, database: SQLAlchemy) -> None:
    given = answer(service="ho-tich", respondent_kind="individual", comment="Rất tốt")

    assert device.send(given) == [{"id": given["id"], "status": "stored"}]

    [response] = stored(database)
    assert (str(response.id), str(response.device_id)) == (given["id"], device.id)
    assert (response.channel, response.answers, response.comment) == ("kiosk", {"overall_service": 4}, "Rất tốt")
    assert response.answered_at == hour_begins(parse_instant(given["answered_at"]))
    assert response.device_answered_at is None


def test_the_same_answer_again_is_a_duplicate_whatever_the_order_of_keys_or_form_of_letters(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    given = answer(comment=unicodedata.normalize("NFC", "Cán bộ tận tình"))
    again = dict(reversed({**given, "comment": unicodedata.normalize("NFD", given["comment"])}.items()))

    assert device.statuses(given) == ["stored"]
    assert device.statuses(again, again) == ["duplicate", "duplicate"]
    assert len(stored(database)) == 1


def test_the_same_id_with_other_content_is_a_conflict_and_overwrites_nothing(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    given = answer()
    device.send(given)

    [result] = device.send({**given, "answers": {"overall_service": 1}})

    assert result["status"] == "conflict"
    assert result["problem"]
    assert [r.answers for r in stored(database)] == [{"overall_service": 4}]


BAD: dict[str, Any] = {
    "not an object": 7,
    "nothing": None,
    "no id": {**answer(), "id": None},
    "an id that is no UUID": answer(id="1"),
    "an unknown questionnaire": answer(questionnaire="nothing"),
    "a version that does not exist": answer(version=99),
    "a version that no database holds": answer(version=10**30),
    "a version that is no number": answer(version="1"),
    "a counter of no one": answer(counter="quay-9"),
    "a counter of another device": answer(counter=OTHER_COUNTER),
    "a counter that is no text": answer(counter=["quay-1"]),
    "an unknown service": answer(service="khong-co"),
    "a kind that is no text": answer(respondent_kind=["individual"]),
    "an unknown kind": answer(respondent_kind="robot"),
    "a language that is no text": answer(language=5),
    "a language with a zero byte": answer(language="v\0"),
    "a time without zone": answer(answered_at="2026-11-20T09:00:00"),
    "a time that is none": answer(answered_at="yesterday"),
    "a time before all time": answer(answered_at="0001-01-01T00:00:00+14:00"),
    "a time before it was paired": answer(answered_at="2020-01-01T00:00:00+07:00"),
    "answers that are a list": answer(answers=[4]),
    "no overall rating": answer(answers={"access_seats": 4}),
    "a rating off the scale": answer(answers={"overall_service": 6}),
    "a rating that is text": answer(answers={"overall_service": "4"}),
    "an unknown item": answer(answers={"overall_service": 4, "shoe_size": 4}),
    "a comment that is a number": answer(comment=5),
    "a comment with half a character": answer(comment="\ud800"),
    "a comment without end": answer(comment="a" * 5000),
}


def test_bad_answers_are_invalid_and_never_block_the_others(device: PairedDevice, database: SQLAlchemy) -> None:
    first, *bad, last = device.send(answer(), *BAD.values(), answer())

    assert (first["status"], last["status"]) == ("stored", "stored")
    assert {name: result["status"] for name, result in zip(BAD, bad, strict=True)} == dict.fromkeys(BAD, "invalid")
    assert all(result["problem"] for result in bad)
    assert len(stored(database)) == 2


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from([*answer(), "partial", "else"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(fields, json_values, max_size=3))
def test_no_answer_whatever_it_holds_breaks_the_batch(device: PairedDevice, changes: dict[str, Any]) -> None:
    good = answer()
    results = device.send({**answer(), **changes}, good)

    assert len(results) == 2
    assert results[1] == {"id": good["id"], "status": "stored"}


def test_an_older_published_version_is_still_accepted(device: PairedDevice, world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.questionnaires.models import QuestionnaireVersion

    with world.app_context(), writing() as session:
        first = session.query(QuestionnaireVersion).filter_by(questionnaire_key="administration", version=1).one()
        session.add(
            QuestionnaireVersion(
                questionnaire_key="administration", version=2, definition=first.definition, published_at=now()
            )
        )

    assert device.statuses(answer(version=1), answer(version=2)) == ["stored", "stored"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
def test_without_a_known_key_nothing_is_taken_in(
    device: PairedDevice, database: SQLAlchemy, headers: dict[str, str]
) -> None:
    refused = device.client.post("/kiosk/api/responses", json={"responses": [answer()]}, headers=headers)

    assert refused.status_code == 401
    assert refused.json["error"]["message"]
    assert stored(database) == []


def test_a_revoked_key_is_refused(device: PairedDevice, world: Flask) -> None:
    from survey.devices.models import Device
    from survey.foundation.storage.database import writing

    with world.app_context(), writing() as session:
        session.get_one(Device, uuid.UUID(device.id)).revoked_at = now()

    refused = device.client.post("/kiosk/api/responses", json={"responses": []}, headers=device.headers)
    assert refused.status_code == 401


def test_more_than_500_answers_at_once_are_too_many(device: PairedDevice) -> None:
    def status(count: int) -> int:
        body = {"responses": [7] * count}
        code: int = device.client.post("/kiosk/api/responses", json=body, headers=device.headers).status_code
        return code

    assert (status(500), status(501)) == (200, 413)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "7", "{}", '{"responses": {}}', '{"responses": null}', "[" * 100_000, b"\xff\xfe"]
)
def test_a_malformed_body_is_answered_with_400(device: PairedDevice, body: str | bytes) -> None:
    refused = device.client.post("/kiosk/api/responses", data=body, headers=device.headers)

    assert refused.status_code == 400
    assert refused.json["error"]["message"]


def test_an_answer_from_before_a_move_counts_where_it_was_given(
    pair: Pair, device: PairedDevice, database: SQLAlchemy, time_machine: Any
) -> None:
    before = answer()
    start = now()
    time_machine.move_to(start + 5 * HOUR)
    moved = pair(OTHER_COUNTER, previous_key=device.key)
    after = answer(counter=OTHER_COUNTER)
    too_late = answer(counter=COUNTER, answered_at=(now() + HOUR).isoformat())
    time_machine.move_to(start + 10 * HOUR)

    assert moved.id == device.id
    assert moved.statuses(before, after, too_late) == ["stored", "stored", "invalid"]
    assert len({response.counter_id for response in stored(database)}) == 2


def test_a_clock_that_is_years_behind_is_corrected_and_both_times_are_kept(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    behind = now() - dt.timedelta(days=3 * 365)
    given = answer(answered_at=behind.isoformat())
    assert device.statuses(given, sent_at=behind.isoformat()) == ["stored"]

    [response] = stored(database)
    assert abs(response.answered_at - now()) < CLOSE
    assert response.device_answered_at == hour_begins(behind)


def test_an_answer_given_before_the_clock_was_set_is_moved_by_its_own_offset(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    wrong = parse_instant("2000-01-01T00:00:30Z")
    given = answer(answered_at=wrong.isoformat())
    offset = (now() - wrong).total_seconds()

    assert device.statuses(given, sent_at=now().isoformat(), offsets={given["id"]: offset}) == ["stored"]

    [response] = stored(database)
    assert abs(response.answered_at - now()) < CLOSE
    assert response.device_answered_at == hour_begins(wrong)


@pytest.mark.parametrize(
    ("told", "flagged"),
    [({"sent_at": 0}, False), ({"sent_at": 0, "uncertain": True}, True), ({}, True), ({"sent_at": 3}, False)],
    ids=["its clock was heard", "set while nobody heard of it", "says nothing of its clock", "measured to be wrong"],
)
def test_a_date_that_no_contact_vouches_for_is_flagged(
    device: PairedDevice, database: SQLAlchemy, told: dict[str, Any], flagged: bool
) -> None:
    given = answer(answered_at=(now() + told.get("sent_at", 0) * HOUR).isoformat())
    sent = {"sent_at": given["answered_at"]} if "sent_at" in told else {}
    doubts = {"uncertain": [given["id"]]} if told.get("uncertain") else {"uncertain": [7, None]}

    assert device.statuses(given, **sent, **doubts) == ["stored"]

    [response] = stored(database)
    assert response.date_uncertain is flagged


def test_a_device_that_tells_of_its_clock_is_never_refused_for_a_date_alone(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    long_ago = (now() - dt.timedelta(days=400)).isoformat()
    given, elsewhere = answer(answered_at=long_ago), answer(answered_at=long_ago, counter=OTHER_COUNTER)

    assert device.statuses(given, elsewhere) == ["invalid", "invalid"]
    assert device.statuses(given, elsewhere, sent_at=now().isoformat()) == ["stored", "invalid"]

    [response] = stored(database)
    assert abs(response.answered_at - now()) < CLOSE  # when it was paired, the earliest possible
    assert response.device_answered_at == hour_begins(parse_instant(long_ago))
    assert response.date_uncertain


def test_no_answer_is_dated_after_it_was_received(device: PairedDevice, database: SQLAlchemy) -> None:
    given = answer(answered_at=(now() + dt.timedelta(days=400)).isoformat())

    assert device.statuses(given) == ["stored"]

    [response] = stored(database)
    assert response.answered_at == hour_begins(response.received_at)
    assert response.device_answered_at == hour_begins(parse_instant(given["answered_at"]))


@pytest.mark.parametrize("clock", [{"sent_at": 7}, {"sent_at": "soon"}, {"offsets": []}, {"offsets": {"x": 10**400}}])
def test_nonsense_about_the_clock_is_no_reason_to_refuse(device: PairedDevice, clock: dict[str, Any]) -> None:
    assert device.statuses(answer(), **clock) == ["stored"]


def test_an_answer_stored_once_stays_stored_even_if_it_would_be_refused_now(device: PairedDevice) -> None:
    given = answer()
    assert device.statuses(given) == ["stored"]

    far_off = {given["id"]: -dt.timedelta(days=900).total_seconds()}
    assert device.statuses(given, offsets=far_off) == ["duplicate"]


def test_a_partial_answer_is_kept_as_such(device: PairedDevice, database: SQLAlchemy) -> None:
    device.send(answer(partial=True), answer())

    assert sorted(response.partial for response in stored(database)) == [False, True]


def test_a_sync_is_a_sign_of_life_with_the_skew_it_shows(device: PairedDevice, database: SQLAlchemy) -> None:
    from survey.devices.models import Device

    device.send(sent_at=(now() + HOUR).isoformat())

    known = database.session.get_one(Device, uuid.UUID(device.id))
    assert abs(known.last_contact_at - now()) < dt.timedelta(minutes=1)
    assert known.clock_skew_seconds == pytest.approx(3600, abs=30)


def test_a_sign_of_life_is_stored_with_the_answers_it_comes_with_in_one_turn(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    from survey.devices.models import Device

    ends: list[object] = []
    database.session.rollback()
    event.listen(database.engine, "commit", ends.append)

    assert device.statuses(answer(), answer()) == ["stored", "stored"]
    assert len(ends) == 1
    assert database.session.get_one(Device, uuid.UUID(device.id)).last_contact_at is not None


def test_the_public_form_of_the_results_is_json_with_vietnamese_as_it_is(device: PairedDevice) -> None:
    body = device.client.post("/kiosk/api/responses", json={"responses": [7]}, headers=device.headers)

    assert body.mimetype == "application/json"
    assert "đánh giá" in body.text
    assert json.loads(body.text)["results"][0]["id"] is None


def test_what_kiosks_send_is_what_their_schema_says() -> None:
    said = json.loads(Path("docs/kiosk.schema.json").read_text(encoding="utf-8"))
    schema = Draft202012Validator({**said, "$ref": "#/$defs/SentAnswer"})
    given = answer()
    assert schema.is_valid(given)
    for name in ("id", "counter", "answered_at", "questionnaire", "version", "answers"):
        assert not schema.is_valid({key: value for key, value in given.items() if key != name}), name
