"""A clerk types a pile of twenty paper forms by digits and Enter, never touching the mouse but to begin and end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.channels.paper.numbers import printed, serials_of
from survey.foundation.storage.database import db
from survey.responses.models import Response
from tests.channels.world import HEALTH, make_world
from tests.support.staff import PASSWORD, make_user

if TYPE_CHECKING:
    from tests.support.applications import LiveServer
    from tests.support.browsers import MakeContext

PILE = 20


@pytest.fixture
def site(live_server: LiveServer) -> LiveServer:
    make_world(live_server.app)
    return live_server


def desk_of(site: LiveServer, new_context: MakeContext, username: str) -> Page:
    make_user(site.app, username, "officer")
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site.url}/desk/counters")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/desk/counters")
    return page


def printed_run(page: Page, site: LiveServer) -> list[str]:
    """Print a run for a counter; the numbers on its forms."""
    page.goto(f"{site.url}/desk/counters/{HEALTH}/paper")
    page.get_by_label("Mẫu phiếu").select_option(index=0)
    page.get_by_label("Số tờ").fill(str(PILE))
    page.get_by_role("button", name="Tạo đợt in").click()
    page.wait_for_url("**/paper/runs/*")
    return [printed(serial) for serial in serials_of(int(page.url.rpartition("/")[2]), PILE)]


def type_form(page: Page, number: str, answer: str, comment: str = "") -> None:
    """Type one form with a habit's Enter behind every answer; questions beyond the first are left alone."""
    expect(page.locator("#form-number")).to_be_focused()
    page.keyboard.type(number.replace(" ", ""))
    page.keyboard.press("Enter")
    boxes = page.locator("#paper-form input[data-kind]:visible").count()
    page.keyboard.type(answer)
    for _box in range(boxes - 3):
        page.keyboard.type("-" if page.evaluate("document.activeElement.dataset.kind") == "one" else "\n")
    while page.evaluate("document.activeElement.id") != "comment":
        page.keyboard.press("Enter")
    page.keyboard.type(comment)
    with page.expect_navigation():
        page.keyboard.press("Enter")
        if not comment:
            page.keyboard.press("Enter")


def test_a_clerk_types_twenty_forms_and_another_checks_them(
    site: LiveServer, new_context: MakeContext, assert_accessible: Callable[[Page], None]
) -> None:
    clerk = desk_of(site, new_context, "van-thu")
    numbers = printed_run(clerk, site)
    assert_accessible(clerk)
    clerk.get_by_label("Số phiếu trong tệp (đếm trước khi nhập)").fill(str(PILE))
    clerk.get_by_role("button", name="Bắt đầu nhập").click()
    clerk.wait_for_url("**/paper/batches/*")
    assert_accessible(clerk)
    for place, number in enumerate(numbers):
        type_form(clerk, number, str(place % 5 + 1), "Ghế ít" if place == 3 else "")
        expect(clerk.get_by_role("status").filter(has_text="Đã nhập")).to_contain_text(f"{place + 1} trong {PILE}")

    type_form(clerk, numbers[0], "1")
    expect(clerk.get_by_role("alert")).to_contain_text("đã được nhập rồi")
    clerk.goto(clerk.url)
    clerk.get_by_role("button", name="Hoàn tác phiếu vừa nhập").click()
    expect(clerk.locator("#form-number")).to_have_value(numbers[-1])
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="Lưu phiếu").click()
    clerk.get_by_role("button", name="Đã nhập xong lô này").click()
    clerk.wait_for_url("**/check")

    other = desk_of(site, new_context, "nguoi-thu-hai")
    other.goto(clerk.url)
    assert_accessible(other)
    sample = other.locator(".paper-numbers li").all_text_contents()
    assert len(sample) == 2
    for number in sample:
        place = numbers.index(number)
        type_form(other, number, str(place % 5 + 1), "Ghế ít" if place == 3 else "")
    other.get_by_role("button", name="Ghi nhận 20 phiếu của lô").click()
    expect(other.locator("main")).to_contain_text("Lô này đã được ghi nhận")
    with site.app.app_context():
        answers = db.session.scalars(select(Response)).all()
        assert len(answers) == PILE
        assert {answer.channel for answer in answers} == {"paper"}
        assert [answer.comment for answer in answers if answer.comment] == ["Ghế ít"]
        assert sorted(answer.answers["overall_health"] for answer in answers) == sorted([1, 2, 3, 4, 5] * 4)


def test_a_wrong_number_is_said_before_the_form_is_typed(site: LiveServer, new_context: MakeContext) -> None:
    clerk = desk_of(site, new_context, "van-thu")
    numbers = printed_run(clerk, site)
    clerk.get_by_label("Số phiếu trong tệp (đếm trước khi nhập)").fill(str(PILE))
    clerk.get_by_role("button", name="Bắt đầu nhập").click()
    clerk.wait_for_url("**/paper/batches/*")
    wrong = numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10)
    clerk.keyboard.type(wrong.replace(" ", ""))
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#form-number")).to_be_focused()
    assert "Mã số phiếu sai" in clerk.locator("#form-number").evaluate("box => box.validationMessage")
