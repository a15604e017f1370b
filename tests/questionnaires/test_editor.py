"""The next version of a questionnaire is drafted at the desk and published once; what was published never changes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now
from survey.questionnaires.definition import Definition, Item
from survey.questionnaires.editor import form_of, read
from survey.questionnaires.models import QuestionnaireVersion
from survey.questionnaires.types.rating import RatingItem
from survey.questionnaires.versions import VersionName, current_version
from survey.responses.ingest import Submission, receive
from tests.channels.conftest import database_url, token_in
from tests.channels.world import HEALTH
from tests.registry.pages import Fields, fields_of, open_page, text_of
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

__all__ = ["database_url"]

HOME = "/desk/questionnaires/health"
DRAFT = f"{HOME}/draft"
NEW = {"new-code": "waiting_shade", "new-vi": "Nơi chờ có mái che", "new-en": "The waiting area has a roof"}


@pytest.fixture
def world(app: Flask) -> Flask:
    """The application with counters of every kind."""
    return app


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def start(client: FlaskClient) -> Fields:
    """Begin a draft; its form as it stands."""
    fields = fields_of(open_page(client, HOME), "csrf_token")
    assert client.post(f"{HOME}/draft/start", data=fields).headers["Location"] == DRAFT
    return fields_of(open_page(client, DRAFT), "seen")


@pytest.fixture
def owner_with_draft(owner: FlaskClient) -> FlaskClient:
    start(owner)
    return owner


def save(client: FlaskClient, **changes: Any) -> tuple[int, str]:
    """Change the draft; the status, and what the page says."""
    fields = fields_of(open_page(client, DRAFT), "seen") | {
        name.replace("_0_", "-0-"): v for name, v in changes.items()
    }
    answer = client.post(DRAFT, data=fields)
    if answer.status_code != 302:
        assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    return answer.status_code, text_of(answer.text)


def publish(client: FlaskClient) -> str:
    page = open_page(client, DRAFT)
    form = next(form for form in page.iter("form") if form.get("action") == f"{DRAFT}/publish")
    fields = {element.get("name"): element.get("value") for element in form.iter("input")}
    return text_of(client.post(f"{DRAFT}/publish", data=fields, follow_redirects=True).text)


def row_of(fields: Fields, code: str) -> str:
    """The prefix of an item's fields."""
    return next(name.removesuffix("code") for name, value in fields.items() if value == code and name.endswith("code"))


def versions(database: SQLAlchemy) -> dict[int, QuestionnaireVersion]:
    database.session.rollback()
    query = select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == "health")
    return {element.version: element for element in database.session.scalars(query)}


def answer_in(version: int) -> str:
    """Hand in an answer to a version; what the door says."""
    answers = {"overall_health": 5}
    given = {"id": uuid.uuid4(), "questionnaire": "health", "version": version, "counter": HEALTH, "answers": answers}
    return receive([Submission(**given, answered_at=now(), channel="kiosk")])[0].status


def test_the_list_says_which_version_is_asked_where(owner: FlaskClient) -> None:
    open_page(owner, "/desk/questionnaires")
    page = open_page(owner, HOME)
    assert page is not None
    text = text_of(owner.get(HOME).text)
    assert "Đang dùng." in text
    assert "1 dịch vụ ngành Y tế" in text
    assert "2 quầy đang mở" in text
    assert "Bệnh viện Đa khoa vùng · Khoa Khám bệnh (BV-1)" in text


def test_a_draft_is_published_as_an_immutable_version_and_asked_from_then_on(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    before = versions(database)[1].definition
    fields = start(owner)
    access = row_of(fields, before["items"][1]["code"])
    removed = row_of(fields, before["items"][2]["code"])
    status, _text = save(owner, **NEW, **{f"{access}vi": "Câu đã sửa", f"{removed}remove": "y"})
    assert status == 302
    draft = text_of(owner.get(DRAFT).text)
    assert "waiting_shade – thêm: Nơi chờ có mái che" in draft
    assert "sửa thành: Câu đã sửa" in draft
    assert f"{before['items'][2]['code']} – bỏ:" in draft
    assert current_version(database.session(), "health") == VersionName("health", 1)  # a draft is asked nowhere
    assert answer_in(2) == "invalid"
    assert "Đã công bố bản 2" in publish(owner)
    stored = versions(database)
    assert stored[1].definition == before
    codes = [item["code"] for item in stored[2].definition["items"]]
    assert codes[-1] == "waiting_shade"
    assert before["items"][2]["code"] not in codes
    assert stored[2].definition["items"][-1]["text"] == {"vi": NEW["new-vi"], "en": NEW["new-en"]}
    page = world.test_client().get(f"/c/{HEALTH}").text
    assert "Nơi chờ có mái che" in page
    assert "Câu đã sửa" in page


def test_older_versions_are_still_taken_at_the_door_and_from_pages_opened_before(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    citizen = world.test_client()
    token = token_in(citizen.get(f"/c/{HEALTH}").text)
    start(owner)
    save(owner, **NEW)
    publish(owner)
    assert answer_in(1) == "stored"
    assert answer_in(2) == "stored"
    sent = citizen.post(f"/c/{HEALTH}", data={"token": token, "overall_health": "4"}, follow_redirects=True)
    assert "Đánh giá đã được ghi nhận" in sent.text


def test_the_order_is_the_numbers_order_and_the_factor_can_change(owner: FlaskClient, database: SQLAlchemy) -> None:
    fields = start(owner)
    items = versions(database)[2].definition["items"]
    last = row_of(fields, items[-1]["code"])
    factor = items[1]["factor"]
    assert save(owner, **{f"{last}position": "15", f"{last}factor": factor})[0] == 302
    moved = versions(database)[2].definition["items"]
    assert moved[1]["code"] == items[-1]["code"]
    assert moved[1]["factor"] == factor


def test_the_editor_leaves_every_item_its_type(world: Flask) -> None:
    overall = RatingItem(code="overall_health", type="rating", text={"vi": "Nhìn chung?"}, subject="health_service")
    remark = Item(code="remark", type="a type of tomorrow", text={"vi": "Ghi thêm", "en": "Remark"})
    definition = Definition((overall, remark))
    with world.test_request_context():
        assert read(form_of(definition, ""), definition) == definition.as_json()


@in_one_world(
    ("changes", "says"),
    [
        ({"new-code": "Mã Lạ", "new-vi": "Câu"}, "Mã phải gồm chữ thường không dấu"),
        ({"new-code": "comment", "new-vi": "Câu"}, "đã dùng cho mục khác của phiếu"),
        ({"new-code": "overall_health", "new-vi": "Câu"}, "Mã này đã có trong phiếu: đặt mã khác"),
        ({"new-code": "overall_service", "new-vi": "Câu"}, "câu hỏi chung phải đi đôi"),
        ({"new-code": "shade", "new-vi": ""}, "Ghi câu hỏi bằng tiếng Việt"),
        ({"items-1-vi": ""}, "Ghi câu hỏi bằng tiếng Việt"),
        ({"items-0-remove": "y"}, "Câu hỏi chung không bỏ được"),
        ({"items-0-code": "something_else"}, "Câu này không còn trong bản nháp"),
    ],
)
def test_what_is_wrong_is_said_with_the_mend_and_the_draft_stays(
    owner_with_draft: FlaskClient, database: SQLAlchemy, changes: dict[str, str], says: str
) -> None:
    before = versions(database)[2].definition
    status, text = save(owner_with_draft, **changes)
    assert status == 422
    assert says in text
    assert versions(database)[2].definition == before


def test_a_draft_seen_before_someone_elses_change_is_neither_saved_nor_published(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    old = start(owner)
    save(owner, **NEW)
    other = signed_in(world, "quan-tri", "administrator")
    late = other.post(DRAFT, data=old | {"csrf_token": fields_of(open_page(other, DRAFT), "seen")["csrf_token"]})
    assert late.status_code == 422
    assert "Người khác vừa sửa bản nháp này" in late.text
    world.config["WTF_CSRF_ENABLED"] = False
    refused = other.post(f"{DRAFT}/publish", data={"seen": old["seen"]}, follow_redirects=True)
    assert "Bản nháp đã thay đổi" in refused.text
    assert versions(database)[2].published_at is None


def test_what_asks_the_same_is_not_published_and_a_draft_can_be_thrown_away(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    fields = start(owner)
    assert "Bản nháp còn giống hệt bản đang dùng" in owner.get(DRAFT).text
    world.config["WTF_CSRF_ENABLED"] = False
    assert "giống hệt" in owner.post(f"{DRAFT}/publish", data={"seen": fields["seen"]}, follow_redirects=True).text
    owner.post(f"{DRAFT}/discard")
    assert set(versions(database)) == {1}


def test_every_step_leaves_its_trace(owner: FlaskClient, database: SQLAlchemy) -> None:
    start(owner)
    save(owner, **NEW)
    publish(owner)
    database.session.rollback()
    entries = list(database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [entry.action for entry in entries] == ["draft_questionnaire", "change", "publish_questionnaire"]
    before, after = entries[-1].before, entries[-1].after
    assert before is not None
    assert after is not None
    assert (before["version"], after["version"]) == (1, 2)
    assert len(after["definition"]["items"]) == len(before["definition"]["items"]) + 1


def test_the_preview_shows_what_citizens_see_and_sends_nothing(owner: FlaskClient) -> None:
    start(owner)
    save(owner, **NEW)
    for language in ("vi", "en"):
        answer = owner.get(f"{HOME}/2/preview?lang={language}")
        page = assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
        assert NEW[f"new-{language}"] in answer.text
        assert [form.get("method") for form in page.iter("form")] == ["get"]


def test_only_who_owns_the_sectors_method_everywhere_edits(world: Flask, owner: FlaskClient) -> None:
    start(owner)
    for client, status in (
        (signed_in(world, "so-gddt", "method_owner", sector="education"), 403),
        (signed_in(world, "benh-vien", "method_owner", agency="bv-vung"), 403),
        (signed_in(world, "can-bo", "officer"), 403),
    ):
        assert client.get(DRAFT).status_code == status
        assert client.get(HOME).status_code == 200
        assert client.get(f"{HOME}/2/preview").status_code == 404  # a draft is its editors' own
    assert world.test_client().get(HOME).status_code == 302
