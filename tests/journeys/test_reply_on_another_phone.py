"""Whoever reports something, by phone or at a kiosk, reads what becomes of it on another phone, in either language."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.feedback.test_flow import answered, handed
from tests.kiosk.driving import TEN_INCH, KioskDriver, pair_at_once, rows
from tests.kiosk.world import COUNTER, make_world
from tests.registry.pages import fields_of, open_page
from tests.support.applications import LiveServer
from tests.support.browsers import MakeContext
from tests.support.staff import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"width": 360, "height": 740}
CODE = r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b"
WORDS = "Ghế ngồi chờ hỏng"
SAYS = {
    "vi": {
        "waits": "Ý kiến đang chờ trả lời",
        "holder": "Nơi xử lý: UBND phường Ea Tam",
        "late": "Đã quá ngày hẹn",
        "again": "Ý kiến đang được xem lại",
        "not_yet": "Chưa, xin xem lại một lần",
        "helped": "Đã giải quyết được",
        "closed": "Ông/Bà đã cho biết: trả lời này giải quyết được.",
        "elsewhere": "Khiếu nại, tố cáo được tiếp nhận ở nơi khác",
    },
    "en": {},
}


def by_phone(new_context: MakeContext, server: LiveServer, language: str, words: str) -> str:
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{server.url}/c/{COUNTER}?lang={language}")
    page.locator("input[name=overall_service][value='2']").check(force=True)
    page.fill("#comment", words)
    page.check("input[name=reply]")
    page.click("form button[type=submit]")
    page.wait_for_selector("svg.tick")
    return re.findall(CODE, page.inner_text("main"))[0]


def at_kiosk(new_context: MakeContext, server: LiveServer, language: str, words: str) -> str:
    kiosk = KioskDriver(new_context(viewport=TEN_INCH, has_touch=True).new_page(), server.url)
    pair_at_once(kiosk, server)
    if language == "en":
        kiosk.page.get_by_role("button", name="English").click()
        kiosk.wait_until_touchable()
    kiosk.choose(2)
    kiosk.choose(3)
    kiosk.page.click("#write")
    kiosk.page.fill("#words", words)
    kiosk.page.click("#want-reply")
    kiosk.page.click("#send")
    kiosk.wait_for("reply")
    code = kiosk.page.inner_text("#code")
    kiosk.page.click("#done")
    kiosk.wait_until_sent()
    return code


CHANNELS = {"phone": by_phone, "kiosk": at_kiosk}


def words_of(server: LiveServer, language: str) -> dict[str, str]:
    """The sentences as the page says them in a language."""
    from flask_babel import force_locale, gettext

    with server.app.test_request_context(), force_locale(language):
        place = gettext("Nơi xử lý: %(holder)s", holder="UBND phường Ea Tam")
        told = {name: gettext(text) for name, text in SAYS["vi"].items() if name not in ("holder", "late")}
        late = gettext("Đã quá ngày hẹn. Xin lỗi Ông/Bà; trả lời sẽ hiện tại đây ngay khi có.")
        return {**told, "holder": place, "late": late}


def other_phone(new_context: MakeContext, server: LiveServer, code: str, language: str) -> Page:
    """A second telephone, on which the code is opened as a QR reader would."""
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{server.url}/p/{code}?lang={language}")
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_handed_over_late_answered_reopened_and_closed(
    live_server: LiveServer, new_context: MakeContext, channel: str, language: str
) -> None:
    make_world(live_server.app)
    says = words_of(live_server, language)
    code = CHANNELS[channel](new_context, live_server, language, WORDS)
    phone = other_phone(new_context, live_server, code, language)
    assert says["waits"] in phone.inner_text("body")
    assert WORDS not in phone.content()

    [(case_id,)] = rows(live_server.app.config["SQLALCHEMY_DATABASE_URI"], "SELECT id FROM feedback_cases")
    address = f"/desk/feedback/{case_id}"
    office = signed_in(live_server.app, "so-noi-vu", "method_owner", sector="administration")
    handed(office, address, "ubnd-ea-tam")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=40)):
        office = signed_in(live_server.app, "so-noi-vu-2", "method_owner", sector="administration")
        phone.reload()
        assert says["late"] in phone.inner_text("body")
        answered(office, address, "Đã thay ghế mới.")
        phone.reload()
        assert phone.locator("p[lang=vi]").inner_text() == "Đã thay ghế mới."
        phone.fill("#because", "Còn hai ghế")
        phone.click(f"text={says['not_yet']}")
        phone.wait_for_selector(f"h1:has-text('{says['again']}')")
        answered(office, address, "Đã thay cả hai ghế còn lại.")
        phone.reload()
        phone.click(f"button:has-text('{says['helped']}')")
        phone.wait_for_selector(f"text={says['closed']}")
    assert phone.context.cookies() == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_redirected(live_server: LiveServer, new_context: MakeContext, channel: str, language: str) -> None:
    make_world(live_server.app)
    code = CHANNELS[channel](new_context, live_server, language, "Tôi muốn khiếu nại quyết định")
    [(case_id,)] = rows(live_server.app.config["SQLALCHEMY_DATABASE_URI"], "SELECT id FROM feedback_cases")
    office = signed_in(live_server.app, "so-noi-vu", "method_owner", sector="administration")
    address = f"/desk/feedback/{case_id}"
    fields = fields_of(open_page(office, address), "kind") | {"kind": "complaint"}
    assert office.post(f"{address}/classify", data=fields).status_code == 302
    phone = other_phone(new_context, live_server, code, language)
    assert words_of(live_server, language)["elsewhere"] in phone.inner_text("h1")
    assert "02/2011/QH13" in phone.inner_text("main")
