"""Questions that bear names of the program's are typed from paper and telephone, and asked by a kiosk, as any other."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.foundation.clock import now
from survey.foundation.storage.database import writing
from survey.questionnaires.models import QuestionnaireVersion
from tests.channels.conftest import Stored
from tests.channels.test_paper import NUMBER, Clerk
from tests.channels.test_phone import Caller, person_on
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

CODES = (
    *("items", "keys", "values", "get", "pop", "update", "copy", "self", "none", "number", "keep", "name", "form"),
    *("title", "action", "method", "elements", "length", "then", "reset", "target", "request", "loop", "url_for"),
)
ANSWERS = {"overall_health": 4} | {code: at % 5 + 1 for at, code in enumerate(CODES)}
POSTED = {code: str(value) for code, value in ANSWERS.items()}


def asking(codes: tuple[str, ...], whole: str, subject: str) -> dict[str, Any]:
    items = [{"code": code, "type": "rating", "text": {"vi": f"Câu có mã {code}?"}} for code in codes]
    return {
        "source": {"document": "Mẫu thử", "confidence": "own"},
        "items": [{"code": whole, "type": "rating", "subject": subject, "text": {"vi": "Chung?"}}, *items],
    }


@pytest.fixture
def client(world: Flask) -> FlaskClient:
    with world.app_context(), writing() as session:
        version = {"questionnaire_key": "health", "version": 2, "published_at": now()}
        session.add(QuestionnaireVersion(definition=asking(CODES, "overall_health", "health_service"), **version))
    world.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return signed_in(world, "van-thu", "officer")


def test_they_are_asked_by_telephone(client: FlaskClient, stored: Stored) -> None:
    place = Caller(client).list_of()
    call = client.post(f"{place}/next").headers["Location"]
    page = client.get(call)
    assert person_on(page.text)
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    client.post(call, data=POSTED)
    (answer,) = stored()
    assert (answer.channel, answer.answers) == ("phone", ANSWERS)


def test_they_are_printed_typed_typed_again_and_handed_in(world: Flask, client: FlaskClient, stored: Stored) -> None:
    batch, (number,) = Clerk(client).batch(forms=1)
    page = client.get(batch)
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert client.post(batch, data={NUMBER: number, **POSTED}).status_code == 303
    client.post(f"{batch}/finish")
    other = signed_in(world, "nguoi-thu-hai", "officer")
    assert other.post(f"{batch}/check", data={NUMBER: number, **POSTED}).status_code == 303
    other.post(f"{batch}/hand-in")
    (answer,) = stored()
    assert (answer.channel, answer.answers) == ("paper", ANSWERS)
