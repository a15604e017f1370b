"""The ministry's whole inpatient form on a phone without a script, with a break in the middle: nothing is lost."""

from __future__ import annotations

import contextvars
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from survey.foundation.clock import now
from survey.foundation.storage.database import db
from survey.questionnaires.catalogue import official_questionnaires
from survey.responses.models import Response
from tests.channels.conftest import RECORDED
from tests.channels.test_in_browser import PHONE, send
from tests.channels.world import HEALTH, make_world
from tests.questionnaires.test_uses import use

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

FORM = next(questionnaire for questionnaire in official_questionnaires() if questionnaire["key"] == "byt-inpatient")[
    "definition"
]
RATED = [item["code"] for item in FORM["items"] if item["type"] == "rating"]


@pytest.fixture
def site(live_server: LiveServer) -> LiveServer:
    make_world(live_server.app)
    use(live_server.app, "byt-inpatient", counter=HEALTH)
    return live_server


@pytest.fixture
def phone(new_context: MakeContext) -> Page:
    return new_context(viewport=PHONE, has_touch=True, java_script_enabled=False).new_page()


def rate(page: Page, codes: list[str], values: dict[str, int]) -> None:
    for code in codes:
        page.locator(f"label:has(#{code}-{values[code]})").tap()


def stored(site: LiveServer) -> list[dict[str, Any]]:
    def read() -> list[dict[str, Any]]:
        with site.app.app_context():
            return [dict(answers) for answers in db.session.scalars(select(Response.answers))]

    return contextvars.Context().run(read)


def test_an_inpatient_answers_the_whole_form_with_a_break_and_nothing_is_lost(site: LiveServer, phone: Page) -> None:
    values = {code: place % 5 + 1 for place, code in enumerate(RATED)} | {RATED[3]: 0}
    half = len(RATED) // 2
    assert len(RATED) == 37
    phone.goto(f"{site.url}/c/{HEALTH}")
    rate(phone, RATED[:half], values)
    phone.goto(f"{site.url}/")  # called away, something else is looked up meanwhile
    phone.go_back()
    for code in RATED[:half]:
        assert phone.locator(f"#{code}-{values[code]}").is_checked()
    rate(phone, RATED[half:], values)
    phone.fill('input[name="in_g1"]', "110")
    phone.locator('input[name="in_g2"][value="5"]').check()
    with time_machine.travel(now() + dt.timedelta(hours=25)):  # the page was opened yesterday
        assert send(phone) != RECORDED
        assert phone.get_by_text("Trang đã mở quá lâu").is_visible()
        assert send(phone) == RECORDED
    assert phone.context.cookies() == []
    assert stored(site) == [values | {"in_g1": 110, "in_g2": 5}]
