"""Choosing another of a counter's forms in the midst of answering keeps what has a place there, without a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import select

from survey.channels.tickets.service import make_tickets
from survey.foundation.clock import now, today
from survey.foundation.storage.database import db, writing
from survey.questionnaires.models import QuestionnaireUse, QuestionnaireVersion
from survey.registry.models import Counter, Province, Service
from survey.responses.models import Response
from tests.channels.conftest import Stored, Visitor, database_url, token_in
from tests.channels.world import HEALTH, TWO_SECTORS, make_world
from tests.support.html import assert_valid_html

if TYPE_CHECKING:
    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

__all__ = ["database_url"]
COMMENT = "Chờ lâu quá 🙂\n\nxin thêm ghế <b>&amp;"
OUT, IN = "byt-outpatient", "byt-inpatient"


def ask_both_kinds_of_patients(app: Flask) -> None:
    """At the hospital's counter outpatients have their form, inpatients theirs."""
    with app.app_context(), writing() as session:
        inpatients = Service(code="noi-tru", name="Điều trị nội trú", sector="health", field="Khám bệnh")
        counter = session.scalars(select(Counter).where(Counter.code == HEALTH)).one()
        counter.services.append(inpatients)
        session.flush()
        province = session.scalar(select(Province.id).where(Province.key == "dak-lak"))
        for key, service in ((OUT, "kham-benh"), (IN, "noi-tru")):
            service_id = session.scalar(select(Service.id).where(Service.code == service))
            given = {"province_id": province, "questionnaire_key": key, "service_id": service_id}
            session.add(QuestionnaireUse(**given, wave="", since=today()))


def test_what_was_filled_in_goes_along_to_the_form_of_inpatients_and_counts_once(
    live_server: LiveServer, new_context: MakeContext
) -> None:
    make_world(live_server.app)
    ask_both_kinds_of_patients(live_server.app)
    phone = new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False).new_page()
    phone.goto(f"{live_server.url}/c/{HEALTH}?lang=en&form={OUT}&sector=health")
    phone.locator("#overall_health-2").check()
    phone.fill("#comment", COMMENT)
    phone.locator("[name=reply]").check()
    with phone.expect_navigation():
        phone.get_by_role("group", name="Kind of service").get_by_role("button").click()
    assert phone.locator("html").get_attribute("lang") == "en"
    assert phone.locator("#overall_health-2").is_checked()
    assert phone.input_value("#comment") == COMMENT
    assert phone.locator("[name=reply]").is_checked()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Send").click()
    assert "recorded" in phone.inner_text("h1")
    with live_server.app.app_context():
        stored = select(QuestionnaireVersion.questionnaire_key, Response.comment).join_from(
            Response, QuestionnaireVersion
        )
        assert db.session.execute(stored).all() == [(IN, COMMENT)]


def test_of_two_sectors_what_is_asked_in_both_is_kept_and_a_question_of_one_is_not_answered_in_the_other(
    world: Flask, stored: Stored
) -> None:
    visitor = Visitor(world.test_client(), TWO_SECTORS)
    form = world.test_client().get(f"/c/{TWO_SECTORS}").text
    address = next(place for place in re.findall(r'formaction="([^"]+)"', form) if "sector=health" in place)
    query = "?" + address.replace("&amp;", "&").partition("?")[2]
    given = {"overall_service": "2", "comment": COMMENT, "service": "khai-sinh", "respondent_kind": "organisation"}
    page = visitor.send(token_in(form), query, **given)
    assert page.status_code == 200
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "xin thêm ghế &lt;b&gt;&amp;amp;</textarea>" in page.text
    assert " checked" not in page.text
    assert stored() == []
    assert visitor.send(token_in(page.text), "?sector=health", overall_health="4").status_code == 200
    assert len(stored()) == 1


@pytest.mark.parametrize("token", ["", "forged"])
def test_without_a_token_to_be_read_words_are_kept_and_can_be_sent(world: Flask, token: str) -> None:
    ask_both_kinds_of_patients(world)
    visitor = Visitor(world.test_client(), HEALTH)
    page = visitor.send(token, f"?sector=health&form={IN}&switched=form", comment=COMMENT, overall_health="2")
    assert page.status_code == 200
    assert "xin thêm ghế" in page.text
    assert visitor.send(token_in(page.text), comment=COMMENT).status_code == 200


def test_a_code_that_names_no_service_lets_its_visitor_choose_the_form_and_is_used_once(
    world: Flask, stored: Stored
) -> None:
    with world.test_request_context():
        counter = db.session.query(Counter).filter_by(code=TWO_SECTORS).one()
        place = (counter.id, TWO_SECTORS, counter.agency.province_id)
        (code,) = make_tickets(*place, "", 1, now().replace(year=2999))
        (of_a_service,) = make_tickets(*place, "kham-benh", 1, now().replace(year=2999))
    client = world.test_client()
    form = client.get(f"/t/{code}").text
    assert f'formaction="/t/{code}?switched=form&amp;sector=health"' in form
    fields = {"token": token_in(form), "comment": COMMENT, "overall_service": "2"}
    health = client.post(f"/t/{code}?switched=form&sector=health", data=fields)
    assert (health.status_code, stored()) == (200, [])
    assert "xin thêm ghế" in health.text
    assert f'formaction="/t/{code}?lang=en&amp;switched=1&amp;sector=health"' in health.text
    sent = {"token": token_in(health.text), "comment": COMMENT, "overall_health": "4"}
    assert client.post(f"/t/{code}?sector=health&sent=1", data=sent).status_code == 200
    assert [answer.sector for answer in stored()] == ["health"]
    assert client.post(f"/t/{code}?switched=form&sector=health", data=sent).status_code == 200
    assert len(stored()) == 1
    assert "switched=form" not in client.get(f"/t/{of_a_service}").text
