"""A connection that breaks between form and thanks loses nothing typed, and an answer that got through counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from survey.channels.tickets.service import make_tickets
from survey.foundation.clock import now
from survey.foundation.storage.database import db
from survey.registry.models import Counter
from survey.responses.models import Response
from tests.channels.world import MANY, make_world

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Page, Route

    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

COMMENT = "Chờ ba tiếng\nkhông ai trả lời"


def ticket_for(app: Flask) -> str:
    with app.test_request_context():
        counter = db.session.query(Counter).filter_by(code=MANY).one()
        (code,) = make_tickets(counter.id, MANY, counter.agency.province_id, "", 1, now().replace(year=2999))
    return code


def count_stored(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Response).count()


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("way", ["counter", "ticket"])
@pytest.mark.parametrize("after_mistakes", [False, True], ids=["at once", "after mistakes"])
@pytest.mark.parametrize("reached", [False, True], ids=["lost on the way", "stored, thanks lost"])
def test_going_back_shows_what_was_typed_and_sending_again_counts_once(
    live_server: LiveServer, new_context: MakeContext, way: str, after_mistakes: bool, reached: bool
) -> None:
    make_world(live_server.app)
    address = f"/t/{ticket_for(live_server.app)}" if way == "ticket" else f"/c/{MANY}"
    phone = new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False).new_page()

    def breaks(route: Route) -> None:
        if reached:
            route.fetch()
        route.abort("connectionreset")

    phone.goto(live_server.url + address)
    phone.fill("#comment", COMMENT)
    if after_mistakes:
        phone.locator("[name=reply]").check()
        phone.fill("#comment", "")
        send(phone)
        assert phone.locator("[role=alert]").is_visible()
        phone.fill("#comment", COMMENT)
    phone.locator("#overall_service-2").check()
    phone.context.route("**/*", breaks)
    with pytest.raises(Exception, match="ERR_CONNECTION_RESET"), phone.expect_navigation():
        phone.get_by_role("button", name="Gửi đánh giá").click()
    phone.context.unroute("**/*")
    phone.go_back()
    assert phone.input_value("#comment") == COMMENT
    assert phone.locator("#overall_service-2").is_checked()
    send(phone)
    assert "đã được ghi nhận" in phone.inner_text("h1")
    assert count_stored(live_server.app) == 1
