"""A form with an item of every type: on a phone without JavaScript, through the door, and taken out again."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.clock import now
from survey.foundation.storage.database import writing
from survey.questionnaires.models import QuestionnaireVersion
from survey.responses.ingest import Submission, receive
from survey.responses.models import Rating, Response, Tally
from survey.retention.queries import erase_answers
from tests.channels.conftest import RECORDED, Visitor, database_url
from tests.channels.world import HEALTH, make_world
from tests.support.every_type import ANSWERS, EVERY_TYPE
from tests.support.html import assert_valid_html

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

__all__ = ["database_url"]
PHONE = {"width": 360, "height": 640}


def publish(app: Flask) -> None:
    """From now on health's form has an item of every type."""
    with app.app_context(), writing() as session:
        session.add(
            QuestionnaireVersion(questionnaire_key="health", version=2, definition=EVERY_TYPE, published_at=now())
        )


@pytest.fixture
def world(app: Flask) -> Flask:
    publish(app)
    return app


def sent(**changes: Any) -> Submission:
    return Submission(
        **{
            "id": uuid.uuid4(),
            "questionnaire": "health",
            "version": 2,
            "counter": HEALTH,
            "answered_at": now(),
            "channel": "qr",
            "answers": dict(ANSWERS),
            **changes,
        }
    )


def test_the_form_posts_back_what_was_answered_and_words_go_with_the_comment(
    world: Flask, database: SQLAlchemy
) -> None:
    visitor = Visitor(world.test_client(), HEALTH)
    fields = {code: value for code, value in ANSWERS.items() if code != "why_not"}
    page = visitor.send(visitor.open(), **fields, why_not=["1", "3"], comment="Cảm ơn", respondent_kind="organisation")
    assert RECORDED in page.text.replace("\n", " ") or "Cảm ơn" in page.text
    stored = database.session.scalars(select(Response)).one()
    assert stored.answers == {code: value for code, value in ANSWERS.items() if code not in ("ward", "advice")}
    assert stored.comment == "Khoa Nội\nXin thêm ghế\nCảm ơn"
    assert stored.respondent_kind == "organisation"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_valid_and_says_its_own_levels_and_whom_it_asks(world: Flask, language: str) -> None:
    answer = world.test_client().get(f"/c/{HEALTH}?lang={language}")
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    assert ("Rất tốt (en)" if language == "en" else "Rất tốt") in answer.text
    assert "Phụ huynh trả lời thay cho trẻ." in answer.text
    for code in ANSWERS:
        assert f'name="{code}"' in answer.text


def test_what_cannot_be_taken_comes_back_with_everything_typed(world: Flask) -> None:
    visitor = Visitor(world.test_client(), HEALTH)
    page = visitor.send(visitor.open(), overall_health="3", late="1", late_days="999", ward="Khoa Nội", why_not="2")
    assert page.status_code == 422
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    for kept in ("999", "Khoa Nội"):
        assert f'value="{kept}"' in page.text
    assert "từ 1 đến 365" in page.text


def test_only_ratings_count_and_erasing_takes_back_every_count(world: Flask, database: SQLAlchemy) -> None:
    answer = sent()
    assert [receipt.status for receipt in receive([answer])] == ["stored"]
    rating = database.session.scalars(select(Rating)).one()
    assert (rating.value, rating.items_answered, rating.items_satisfied) == (2, 1, 1)
    counted = {(tally.item, tally.value) for tally in database.session.scalars(select(Tally))}
    assert {("why_not", 0), ("why_not", 1), ("why_not", 3), ("late", 1), ("late_days", 12)} < counted
    assert not {item for item, _value in counted} & {"ward", "advice", "visited"}
    erase_answers(database.session(), [answer.id])
    assert database.session.scalars(select(Tally)).all() == []


@pytest.mark.parametrize(
    ("sector", "given", "stored"),
    [
        ("health", None, "individual"),
        ("health", "unknown", "individual"),
        ("health", "organisation", "organisation"),
        ("health", "individual", "individual"),
        ("administration", None, "unknown"),
        ("administration", "organisation", "organisation"),
    ],
)
def test_an_organisation_is_one_wherever_it_says_so(
    world: Flask, database: SQLAlchemy, sector: str, given: str | None, stored: str
) -> None:
    item = "overall_health" if sector == "health" else "overall_service"
    counter = HEALTH if sector == "health" else "EAKAO-1"
    answer = sent(questionnaire=sector, version=1, counter=counter, answers={item: 4}, respondent_kind=given)
    assert [receipt.status for receipt in receive([answer])] == ["stored"]
    assert database.session.scalars(select(Response.respondent_kind)).all() == [stored]


def test_where_a_form_asks_for_the_kind_silence_is_unknown(world: Flask, database: SQLAlchemy) -> None:
    receive([sent(respondent_kind=None)])
    assert database.session.scalars(select(Response.respondent_kind)).all() == ["unknown"]


def test_a_phone_without_javascript_shows_the_follow_up_once_it_is_called_for(
    live_server: LiveServer, new_context: MakeContext
) -> None:
    make_world(live_server.app)
    publish(live_server.app)
    page: Page = new_context(viewport=PHONE, has_touch=True, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/c/{HEALTH}")
    reasons = page.get_by_text("Điều gì làm Ông/Bà chưa hài lòng?")
    assert not reasons.is_visible()
    page.check("#overall_health-2", force=True)
    assert reasons.is_visible()
    page.check("#why_not-1")
    page.check("#overall_health-5", force=True)
    assert not reasons.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_file_of_answers_takes_every_type(world: Flask, database: SQLAlchemy) -> None:
    from survey.channels.paper.response_file import import_responses

    columns = ["id", "counter", "answered_at", "questionnaire", "version", *ANSWERS]
    cells = [str(uuid.uuid4()), HEALTH, now().isoformat(), "health", "2"]
    cells += [" ".join(map(str, value)) if isinstance(value, list) else str(value) for value in ANSWERS.values()]
    content = (",".join(columns) + "\n" + ",".join(cells) + "\n").encode()
    assert import_responses("phieu.csv", content, dry_run=False).new == 1
    stored = database.session.scalars(select(Response)).one()
    assert json.loads(json.dumps(stored.answers)) == {
        code: value for code, value in ANSWERS.items() if code not in ("ward", "advice")
    }


@pytest.mark.parametrize(("code", "limit"), [("advice", 1000), ("ward", 200)])
def test_a_letter_pasted_into_a_question_is_not_cut_but_given_back_with_what_fits(
    live_server: LiveServer, new_context: MakeContext, code: str, limit: int
) -> None:
    make_world(live_server.app)
    publish(live_server.app)
    page: Page = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/c/{HEALTH}")
    letter = "Kính gửi bệnh viện, " * 100
    page.locator("#overall_health-4").check()
    page.locator(f"#{code}").focus()
    page.keyboard.insert_text(letter)
    with page.expect_navigation():
        page.get_by_role("button", name="Gửi đánh giá").click()
    question = page.locator(f"label[for={code}]").inner_text()
    told = page.inner_text("[role=alert] li")
    assert told.startswith(f"Câu “{question}” chỉ nhận chữ, tối đa {limit} ký tự; đã nhận: Kính gửi")
    assert page.input_value(f"#{code}").strip() == letter.strip()
