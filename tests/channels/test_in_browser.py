"""The form on a 360 px phone with JavaScript switched off, in a real browser."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.channels.conftest import ALREADY, RECORDED
from tests.channels.world import CLOSED, GONE, HEALTH, MANY, NOT_READY, SCHOOL, TWO_SECTORS, make_world
from tests.support.accessibility import carry_axe
from tests.support.staff import make_user

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

PHONE = {"width": 360, "height": 640}
PUBLIC_PAGES = [
    "/",
    f"/c/{MANY}",
    f"/c/{MANY}?lang=en",
    f"/c/{TWO_SECTORS}",
    f"/c/{CLOSED}",
    f"/c/{NOT_READY}",
    f"/c/{MANY}/thanks",
]


@pytest.fixture
def site(live_server: LiveServer) -> LiveServer:
    make_world(live_server.app)
    return live_server


@pytest.fixture
def phone(new_context: MakeContext) -> Page:
    return new_context(viewport=PHONE, has_touch=True, java_script_enabled=False).new_page()


def count_stored(app: Flask) -> int:
    def count() -> int:
        from survey.foundation.storage.database import db
        from survey.responses.models import Response

        with app.app_context():
            return db.session.query(Response).count()

    return contextvars.Context().run(count)


def send(page: Page) -> str:
    """Tap "Gửi đánh giá"; give back the next page's heading."""
    with page.expect_navigation():
        page.get_by_role("button", name="Gửi đánh giá").tap()
    return page.inner_text("h1").strip()


def test_a_citizen_taps_a_face_and_sends(site: LiveServer, phone: Page) -> None:
    phone.goto(f"{site.url}/c/{MANY}")
    phone.get_by_role("radio", name="4 trên 5, Hài lòng").first.tap()
    assert send(phone) == RECORDED
    phone.reload()
    assert phone.inner_text("h1").strip() == RECORDED
    assert phone.context.cookies() == []
    assert count_stored(site.app) == 1


def test_going_back_and_sending_again_counts_once(site: LiveServer, phone: Page) -> None:
    phone.goto(f"{site.url}/c/{MANY}")
    phone.get_by_role("radio", name="4 trên 5, Hài lòng").first.tap()
    send(phone)
    phone.go_back()
    phone.get_by_role("radio", name="1 trên 5, Rất không hài lòng").first.tap()
    assert send(phone) == ALREADY
    assert count_stored(site.app) == 1


def test_the_next_citizen_at_the_same_phone_gets_a_form_of_their_own(site: LiveServer, phone: Page) -> None:
    phone.goto(f"{site.url}/c/{HEALTH}")
    for _citizen in range(2):
        phone.locator("#overall_health-4").check()
        assert send(phone) == RECORDED
        with phone.expect_navigation():
            phone.get_by_role("link", name="Đánh giá một lượt phục vụ khác").tap()
    assert count_stored(site.app) == 2


def test_the_keyboard_alone_is_enough(site: LiveServer, phone: Page) -> None:
    phone.goto(f"{site.url}/c/{HEALTH}")
    phone.locator("#overall_health-1").focus()
    for _step in range(4):
        phone.keyboard.press("ArrowRight")
    assert phone.locator("#overall_health-5").is_checked()
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.inner_text("h1").strip() == RECORDED
    assert count_stored(site.app) == 1


def test_forgetting_to_choose_moves_the_reader_to_what_is_wrong_and_keeps_the_rest(
    site: LiveServer, phone: Page
) -> None:
    phone.goto(f"{site.url}/c/{MANY}")
    phone.locator("#service").select_option(index=1)
    chosen = phone.input_value("#service")
    send(phone)
    assert "Chưa gửi được" in phone.title()
    assert phone.locator("[role=alert]").is_visible()
    assert phone.input_value("#service") == chosen != ""
    phone.locator("[role=alert] a").tap()
    assert phone.url.endswith("#overall_service")
    phone.locator("#overall_procedures-5").check()
    assert send(phone) == RECORDED
    assert count_stored(site.app) == 1


def test_nothing_reaches_beyond_the_screen(site: LiveServer, new_context: MakeContext) -> None:
    page = new_context(viewport=PHONE).new_page()
    for counter in (MANY, SCHOOL, GONE):
        page.goto(f"{site.url}/c/{counter}?lang=en")
        if page.locator("details").count():
            page.locator("summary").click()
        for width in (180, 320, 360, 1280):  # 180: a phone of 360 at 200 %
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, counter


def test_public_pages_are_accessible(site: LiveServer, page: Page, assert_accessible: Callable[[Page], None]) -> None:
    carry_axe(page.context)
    for address in PUBLIC_PAGES:
        page.goto(site.url + address)
        if page.locator("details").count():
            page.locator("summary").click()
        assert_accessible(page)


def test_the_form_with_mistakes_is_accessible(
    site: LiveServer, page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto(f"{site.url}/c/{MANY}")
    page.get_by_role("button", name="Gửi đánh giá").click()
    page.locator("[role=alert]").wait_for()
    assert_accessible(page)


@pytest.fixture
def desk(site: LiveServer, page: Page) -> Page:
    """A page signed in as someone of the whole province."""
    from tests.support.staff import PASSWORD

    make_user(site.app, "so-noi-vu", "officer")
    page.goto(f"{site.url}/desk/counters")
    page.fill("#username", "so-noi-vu")
    page.fill("#password", PASSWORD)
    page.locator("main button[type=submit]").click()
    return page


def test_staff_pages_of_counters_are_accessible(desk: Page, assert_accessible: Callable[[Page], None]) -> None:
    assert desk.url.endswith("/desk/counters")
    assert_accessible(desk)
    desk.get_by_role("link", name="In cho nhiều quầy trong một tệp").click()
    desk.get_by_label("Loại tờ in").select_option("tent")
    assert_accessible(desk)
