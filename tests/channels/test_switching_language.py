"""Choosing another language in the midst of answering keeps what was filled in, without a script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey.channels.tickets.service import make_tickets
from survey.foundation.clock import now
from survey.foundation.storage.database import db
from survey.registry.models import Counter
from survey.responses.models import Response
from tests.channels.conftest import Stored, Visitor, database_url, token_in
from tests.channels.test_every_type import publish
from tests.channels.world import HEALTH, MANY, TWO_SECTORS, make_world
from tests.support.every_type import ANSWERS
from tests.support.html import assert_valid_html
from tests.support.language_packs import install_pack, make_pack

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

__all__ = ["database_url"]
COMMENT = "Chào cô 🙂\n\nxin thêm ghế مرحبا <b>&amp;"


def filled_in(page: Page) -> list[Any]:
    """What the form would send, but for its token."""
    given: list[Any] = page.evaluate(
        "[...new FormData(document.querySelector('form'))].filter(([name]) => name != 'token')"
    )
    return sorted(given)


def fill_in(page: Page) -> None:
    for code, value in ANSWERS.items():
        field = page.locator(f"#{code}")
        if code in ("late_days", "visited", "ward", "advice"):
            field.fill(str(value))
        else:
            for chosen in value if isinstance(value, list) else [value]:
                page.locator(f"#{code}-{chosen}").check()
    page.fill("#comment", COMMENT)
    page.locator("[name=reply]").check()
    page.locator("[name=shares_rating]").check()
    page.locator("[name=respondent_kind][value=organisation]").check()


def switch(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_everything_filled_in_is_there_in_the_other_language_and_back(
    live_server: LiveServer, new_context: MakeContext
) -> None:
    make_world(live_server.app)
    publish(live_server.app)
    phone = new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False).new_page()
    phone.goto(f"{live_server.url}/c/{HEALTH}")
    fill_in(phone)
    given = filled_in(phone)
    assert len(given) == 16
    switch(phone, "English")
    assert phone.locator("html").get_attribute("lang") == "en"
    assert filled_in(phone) == given
    switch(phone, "Tiếng Việt")
    assert filled_in(phone) == given
    switch(phone, "English")
    with phone.expect_navigation():  # Enter sends: it is not taken for the first button of the page
        phone.press("#ward", "Enter")
    assert "Your rating is recorded" in phone.inner_text("h1").replace("\n", " ")
    for _step in range(4):
        phone.go_back()
    switch(phone, "English")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Send").click()
    assert "recorded" in phone.inner_text("h1")
    with live_server.app.app_context():
        stored = db.session.scalars(select(Response)).one()
        assert stored.language == "en"
        assert COMMENT in (stored.comment or "")


def test_what_cannot_be_taken_stays_as_it_was_typed(world: Flask) -> None:
    publish(world)
    visitor = Visitor(world.test_client(), HEALTH)
    page = visitor.send(visitor.open(), "?lang=en&switched=1", late="1", late_days="999", comment="x" * 20000)
    assert page.status_code == 200
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert 'value="999"' in page.text
    assert "x" * 20000 in page.text
    assert 'role="alert"' not in page.text


def test_nothing_is_stored_and_no_code_used_until_it_is_sent(world: Flask, stored: Stored) -> None:
    with world.test_request_context():
        counter = db.session.query(Counter).filter_by(code=MANY).one()
        (code,) = make_tickets(counter.id, MANY, counter.agency.province_id, "", 1, now().replace(year=2999))
    client = world.test_client()
    form = client.get(f"/t/{code}").text
    assert f'formaction="/t/{code}?lang=en&amp;switched=1"' in form
    fields = {"token": token_in(form), "overall_service": "2"}
    switched = client.post(f"/t/{code}?lang=en&switched=1", data=fields)
    assert switched.status_code == 200
    assert stored() == []
    assert re.search(r'id="overall_service-2"[^>]* checked', switched.text)
    assert token_in(switched.text) == fields["token"]
    assert client.post(f"/t/{code}?lang=en&sent=1", data=fields).status_code == 200
    assert len(stored()) == 1


def test_of_several_forms_the_one_being_filled_in_is_kept(world: Flask) -> None:
    visitor = Visitor(world.test_client(), TWO_SECTORS)
    form = world.test_client().get(f"/c/{TWO_SECTORS}?sector=health").text
    (address,) = re.findall(r'formaction="([^"]+lang=en[^"]+)"', form)
    query = address.replace("&amp;", "&").partition("?")[2]
    switched = visitor.send(token_in(form), f"?{query}", overall_health="3")
    assert switched.status_code == 200
    assert re.search(r'id="overall_health-3"[^>]* checked', switched.text)


def test_a_page_open_too_long_says_so_in_the_language_chosen_and_can_be_sent(world: Flask) -> None:
    visitor = Visitor(world.test_client(), HEALTH)
    page = visitor.send("forged" + visitor.open(), "?lang=en&switched=1", overall_health="3")
    assert page.status_code == 422
    assert "The page was open too long" in page.text
    assert visitor.send(token_in(page.text), overall_health="3").status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_language_of_a_pack_is_a_button_too(world: Flask, tmp_path: Path, language: str) -> None:
    install_pack(world, make_pack(world, tmp_path / "pack"))
    form = world.test_client().get(f"/c/{MANY}?lang={language}").text
    assert re.findall(r'formaction="[^"]*lang=(vi-x-mau)[^"]*"', form) == ["vi-x-mau"]
