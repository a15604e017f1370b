"""Somebody calls one person after the other and types the ministry's whole form by digits and Enter alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.channels.phone.models import PhoneContact
from survey.foundation.storage.database import db
from survey.responses.models import Response
from tests.channels.test_paper_in_browser import desk_of
from tests.channels.world import make_world

if TYPE_CHECKING:
    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

FILE = "dossier,phone\n" + "\n".join(f"HS-{n},09123456{n:02d}" for n in range(12))
FOUR = "(document.activeElement.dataset.values || '').split(' ').includes('4')"


@pytest.fixture
def site(live_server: LiveServer) -> LiveServer:
    make_world(live_server.app)
    return live_server


def type_interview(page: Page, comment: str) -> None:
    """Answer 4 wherever there is one, leave the rest alone, save with the last Enter."""
    expect(page.locator("#overall_health")).to_be_focused()
    while page.evaluate("document.activeElement.id") != "comment":
        page.keyboard.type("4") if page.evaluate(FOUR) else page.keyboard.press("Enter")
    page.keyboard.type(comment)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_an_interview_takes_the_keyboard_alone_and_brings_the_next_person(
    site: LiveServer, new_context: MakeContext, assert_accessible: Callable[[Page], None]
) -> None:
    caller = desk_of(site, new_context, "goi-dien")
    assert_accessible(caller)
    caller.get_by_role("link", name="Danh sách gọi cho Khoa Khám bệnh").click()
    file = {"name": "ho-so.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    caller.get_by_label("Tệp hồ sơ").set_input_files(files=[file])
    caller.get_by_label("Mẫu phiếu").select_option(label="Phiếu khảo sát ý kiến người bệnh nội trú (byt-inpatient, 1)")
    caller.get_by_label("Số hồ sơ rút ngẫu nhiên để gọi").fill("3")
    assert_accessible(caller)
    caller.get_by_role("button", name="Rút danh sách gọi").click()
    caller.wait_for_url("**/phone/lists/*")
    assert_accessible(caller)
    caller.get_by_role("button", name="Gọi người tiếp theo").click()
    caller.wait_for_url("**/phone/contacts/*")
    assert_accessible(caller)
    first = caller.url
    began = time.monotonic()
    type_interview(caller, "Giường chật")
    assert time.monotonic() - began < 60, "typing 42 answers keeps pace with who gives them"
    assert caller.url != first
    caller.get_by_role("button", name="Từ chối trả lời").click()
    caller.wait_for_url(lambda url: url != first and "contacts" in url)
    with site.app.app_context():
        (answer,) = db.session.scalars(select(Response)).all()
        outcomes = sorted(db.session.scalars(select(PhoneContact.outcome)))
    assert (answer.channel, answer.answers["overall_health"], answer.comment) == ("phone", 4, "Giường chật")
    assert outcomes == ["answered", "refused", "waiting"]
