"""What is kept of an answer: whose it is, when it came, who gave it, and its words."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from survey.devices.models import Device
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Counter, Service
from survey.responses.ingest import receive
from tests.responses.handing_in import END_OF_HOUR, WHEN, statuses, stored, submission, tallies

pytestmark = pytest.mark.usefixtures("register")


def test_an_answer_belongs_to_the_counter_agency_and_service_it_names(database: Any) -> None:
    assert statuses(submission()) == ["stored"]

    (response,) = stored()
    ids = [
        db.session.scalar(select(model.id).where(model.code == code))
        for model, code in ((Counter, "quay-ubnd-ea-tam"), (Agency, "ubnd-ea-tam"), (Service, "ho-tich"))
    ]
    assert [response.counter_id, response.agency_id, response.service_id] == ids
    assert {key[1:3] for key in tallies()} == {tuple(ids[1:])}


def test_a_counter_may_be_named_together_with_its_agency(database: Any) -> None:
    assert statuses(submission(agency="ubnd-ea-tam"), submission(agency="")) == ["stored", "stored"]


def test_an_answer_without_a_counter_belongs_to_the_agency_it_names(database: Any) -> None:
    assert statuses(submission(counter=None, agency="ubnd-ea-tam", channel="paper")) == ["stored"]
    assert stored()[0].counter_id is None


def test_an_answer_that_came_at_a_known_time_is_received_then(database: Any) -> None:
    receive([submission()], received_at=WHEN)

    assert [response.received_at for response in stored()] == [END_OF_HOUR]


def test_what_a_kiosk_says_of_itself_is_kept_with_the_answer(database: Any) -> None:
    device = uuid.uuid4()
    own_time = WHEN - dt.timedelta(days=1)
    register_device(device)

    statuses(submission(device_id=device, device_answered_at=own_time, language="vi-VN-x-long-tag"))

    (response,) = stored()
    assert (response.device_id, response.language) == (device, "vi-VN-x-lo")
    assert response.device_answered_at == own_time.replace(minute=0, second=0, microsecond=0)


def register_device(device: uuid.UUID) -> None:
    with writing() as session:
        session.add(Device(id=device, name="Kiosk", key_digest="x", public_key="x", paired_at=WHEN))


def test_words_alone_are_an_answer_and_no_words_and_no_rating_are_none(database: Any) -> None:
    assert statuses(submission(answers={}, comment="Chờ lâu quá")) == ["stored"]
    assert statuses(submission(answers={}, comment=" ")) == ["invalid"]
    assert statuses(submission()) == ["stored"]
    assert {response.comment for response in stored()} == {"Chờ lâu quá", None}


def test_a_comment_may_be_as_long_as_the_form_allows_whatever_ends_its_lines(database: Any) -> None:
    statuses(submission(comment="x" * 1998 + "\r\nx"))

    assert [len(response.comment) for response in stored()] == [2000]
    assert "\r" not in stored()[0].comment


def test_control_characters_never_reach_a_comment(database: Any) -> None:
    statuses(submission(comment=" Tốt\x00\x07\nlắm "))

    assert stored()[0].comment == "Tốt\nlắm"


def test_health_and_education_never_ask_who_answers_so_it_is_an_individual(database: Any) -> None:
    health = {"questionnaire": "health", "counter": "quay-bv-tinh", "service": "kham-benh"}
    statuses(submission(**health, answers={"overall_health": 4}), submission(respondent_kind=None))

    assert {r.sector: r.respondent_kind for r in stored()} == {"health": "individual", "administration": "unknown"}
