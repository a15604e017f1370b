"""Whoever wants to complain reads on another phone, in either language, where to go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.kiosk.driving import rows
from tests.kiosk.world import COUNTER, make_world
from tests.registry.pages import fields_of, open_page
from tests.support.applications import LiveServer
from tests.support.browsers import MakeContext
from tests.support.staff import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = {"width": 360, "height": 740}
CODE = r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b"


def by_phone(new_context: MakeContext, server: LiveServer, language: str, words: str) -> str:
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{server.url}/c/{COUNTER}?lang={language}")
    page.locator("input[name=overall_service][value='2']").check(force=True)
    page.fill("#comment", words)
    page.check("input[name=reply]")
    page.click("form button[type=submit]")
    page.wait_for_selector("svg.tick")
    return re.findall(CODE, page.inner_text("main"))[0]


def title_in(server: LiveServer, language: str) -> str:
    """The heading of a case that is not handled here, in a language."""
    from flask_babel import force_locale, gettext

    with server.app.test_request_context(), force_locale(language):
        return gettext("Khiếu nại, tố cáo được tiếp nhận ở nơi khác")


def other_phone(new_context: MakeContext, server: LiveServer, code: str, language: str) -> Page:
    """A second telephone, on which the code is opened as a QR reader would."""
    page = new_context(viewport=PHONE).new_page()
    page.goto(f"{server.url}/p/{code}?lang={language}")
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_redirected(live_server: LiveServer, new_context: MakeContext, language: str) -> None:
    make_world(live_server.app)
    code = by_phone(new_context, live_server, language, "Tôi muốn khiếu nại quyết định")
    [(case_id,)] = rows(live_server.app.config["SQLALCHEMY_DATABASE_URI"], "SELECT id FROM feedback_cases")
    office = signed_in(live_server.app, "so-noi-vu", "method_owner", sector="administration")
    address = f"/desk/feedback/{case_id}"
    fields = fields_of(open_page(office, address), "kind") | {"kind": "complaint"}
    assert office.post(f"{address}/classify", data=fields).status_code == 302
    phone = other_phone(new_context, live_server, code, language)
    assert title_in(live_server, language) in phone.inner_text("h1")
    assert "02/2011/QH13" in phone.inner_text("main")
