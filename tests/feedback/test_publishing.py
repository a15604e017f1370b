"""A reply is read by everybody once a second person has looked at it; few answers hide the place."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.feedback import publishing
from survey.feedback.models import FeedbackPublication
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.feedback.test_flow import WORDS, answered
from tests.feedback.test_kinds import only_case, owner, report
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

__all__ = ["owner"]
MONTH_AFTER = "2026-12-20T05:00:00+00:00"
SAID, REPLY = "Phòng khám thiếu ghế ngồi chờ.", "Đã kê thêm 20 ghế."


def proposed(client: FlaskClient, address: str, said: str = SAID, **more: str) -> int:
    fields = fields_of(open_page(client, address), "said") | {"said": said, "reply": REPLY} | more
    return client.post(f"{address}/propose", data=fields).status_code


def press(client: FlaskClient, address: str, button: str) -> str:
    fields = fields_of(open_page(client, address), "note")
    return text_of(client.post(f"{address}/{button}", data=fields, follow_redirects=True).text)


def publications(database: SQLAlchemy) -> list[FeedbackPublication]:
    database.session.rollback()
    return list(database.session.scalars(select(FeedbackPublication)))


@pytest.fixture
def address(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> str:
    """An answered case; the page of it."""
    report(world, WORDS)
    address = f"/desk/feedback/{only_case(database).id}"
    told = {"answer": "Đã kê thêm 20 ghế, mời bà Nguyễn Thị Lan xem", "checked": "y"}
    assert (
        owner.post(f"{address}/answer", data=fields_of(open_page(owner, address), "answer") | told).status_code == 302
    )
    return address


def test_one_person_proposes_and_another_publishes(
    world: Flask, owner: FlaskClient, address: str, database: SQLAlchemy
) -> None:
    assert proposed(owner, address) == 302
    assert "Người đề nghị không tự công khai" in press(owner, address, "publish")
    assert publications(database)[0].published_on is None
    second = signed_in(world, "so-y-te-2", "method_owner", sector="health")
    assert "Đã công khai trả lời" in press(second, address, "publish")
    (publication,) = publications(database)
    assert (publication.said, publication.reply, publication.agency_id) == (SAID, REPLY, None)
    assert publication.published_by_id != publication.proposed_by_id
    assert "Đã rút lại" in press(owner, address, "withdraw")
    assert publications(database) == []


def test_names_and_numbers_are_masked_beforehand_and_held_until_looked_at(
    owner: FlaskClient, address: str, database: SQLAlchemy
) -> None:
    assert "Nguyễn Thị Lan" not in fields_of(open_page(owner, address), "said")["reply"]
    assert proposed(owner, address, said="Chị Lan 0912 345 678 nói thiếu ghế") == 422
    assert publications(database) == []
    assert proposed(owner, address, said="Chị Lan 0912 345 678 nói thiếu ghế", seen_through="y") == 302


def test_another_answer_takes_the_published_one_back(owner: FlaskClient, address: str, database: SQLAlchemy) -> None:
    proposed(owner, address)
    answered(owner, address, "Ghế chưa kê được.")
    assert publications(database) == []


@pytest.mark.parametrize(("others", "named"), [(8, False), (9, True)], ids=["nine answers", "ten answers"])
def test_a_place_is_named_only_where_enough_answered_in_that_month(
    world: Flask, owner: FlaskClient, address: str, database: SQLAlchemy, others: int, named: bool
) -> None:
    for _number in range(others):
        citizen = Visitor(world.test_client(), HEALTH)
        citizen.send(citizen.open(), overall_health="4")
    proposed(owner, address)
    (publication,) = publications(database)
    assert (publication.agency_id is not None) == named
    assert (publication.service_id is not None) == named
    assert ("bệnh viện" in publication.folded or "benh vien" in publication.folded) == named


def test_what_is_about_somebodys_behaviour_is_never_published(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    report(world, "Bác sĩ mắng tôi")
    case = only_case(database)
    answered(owner, f"/desk/feedback/{case.id}", "Đã nhắc nhở.")
    assert "Đề nghị công khai" not in owner.get(f"/desk/feedback/{case.id}").text
    with world.app_context():
        publishing.propose(case.id, SAID, REPLY, 1)
    assert publications(database) == []


def test_everybody_finds_a_published_reply_by_words_place_and_service_and_what_was_done(
    world: Flask, owner: FlaskClient, address: str, database: SQLAlchemy
) -> None:
    for _number in range(12):
        citizen = Visitor(world.test_client(), HEALTH)
        citizen.send(citizen.open(), overall_health="4")
    proposed(owner, address)
    anybody = world.test_client()
    replies = "/results/dak-lak/replies/"
    assert SAID not in anybody.get(replies).text, "it waits for the second look"
    press(signed_in(world, "so-y-te-2", "method_owner", sector="health"), address, "publish")
    number = address.rpartition("/")[2]
    form = fields_of(open_page(owner, "/desk/measures/new"), "what")
    measure = {"agency": "bv-vung", "sector": "health", "what": "Kê 20 ghế", "who": "Phòng HC"}
    measure |= {"starts_on": "2026-11-20"}
    unknown = owner.post("/desk/measures/new", data=form | measure | {"cases": "12345"})
    assert "Không có phản ánh số 12345" in text_of(unknown.text)
    assert owner.post("/desk/measures/new", data=form | measure | {"cases": number}).status_code == 302
    for query in ("", "?q=thieu+ghe", "?agency=bv-vung", "?service=kham-benh", "?q=benh+vien"):
        page = anybody.get(replies + query)
        assert SAID in page.text, query
        assert "Kê 20 ghế" in page.text
        assert number not in page.text, "the number of a case tells whoever saw it at the desk"
        assert_valid_html(page.text, page.headers["Content-Security-Policy"])
        assert "Set-Cookie" not in page.headers
    for query in ("?q=hoc+phi", "?agency=ubnd-ea-kao", "?service=tieu-hoc"):
        assert SAID not in anybody.get(replies + query).text, query
    assert anybody.get("/results/nowhere/replies/").status_code == 404
    assert SAID in anybody.get("/results/dak-lak/").text


def test_the_desk_and_the_interface_count_the_same_cases_and_few_are_held_back_in_public(
    world: Flask, owner: FlaskClient, address: str, database: SQLAlchemy
) -> None:
    for _number in range(12):
        citizen = Visitor(world.test_client(), HEALTH)
        citizen.send(citizen.open(), overall_health="4")
    anybody, interface = world.test_client(), "/api/v1/provinces/dak-lak/feedback"
    with time_machine.travel(MONTH_AFTER, tick=False):
        owner = signed_in(world, "so-y-te-3", "method_owner", sector="health")
        desk = owner.get("/desk/dak-lak/health/cases")
        assert_valid_html(desk.text, desk.headers["Content-Security-Policy"])
        assert "Theo cơ quan, đơn vị được phản ánh" in text_of(desk.text)
        assert "nhận 1, đúng hạn 1, trễ 0" in text_of(owner.get("/desk/dak-lak/health").text)
        assert anybody.get(interface).json["rows"] == []
    for number in range(5):
        report(world, f"{WORDS} {number}")
    with time_machine.travel(MONTH_AFTER, tick=False):
        assert "nhận 6, đúng hạn 1, trễ 5" in text_of(owner.get("/desk/dak-lak/health").text)
        of_kind, whole = anybody.get(interface).json["rows"]
    assert (of_kind["kind"], of_kind["received"], of_kind["helped"], of_kind["reopened"]) == ("service", 6, None, None)
    assert (whole["kind"], whole["received"], whole["on_time"]) == (None, 6, 1 / 6)
