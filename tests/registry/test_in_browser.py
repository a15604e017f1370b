"""Pages of agencies and imports in a real browser: accessible, no wider than a phone, and an import by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.registry_files.files import RESPONSES, WORLD, importer
from tests.support.accessibility import carry_axe
from tests.support.applications import LiveServer
from tests.support.browsers import wait_until
from tests.support.staff import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATHS = [
    "/desk/agencies?ended=1",
    "/desk/agencies/EA-CU",
    "/desk/agencies/BV/edit",
    "/desk/agencies/BV/counters/Q2",
    "/desk/agencies/EA-MOI/caseloads/2026-10",
    "/desk/caseloads/owed?all=1",
    "/desk/services",
    "/desk/new-service",
    "/desk/imports",
]


@pytest.fixture
def desk(live_server: LiveServer, page: Page, tmp_path: Path) -> Page:
    """An administrator signed in on a phone, with a small world."""
    run = importer(live_server.app.test_cli_runner(), tmp_path)
    for kind, content in {**WORLD, "responses": RESPONSES}.items():
        assert run(kind, content).exit_code == 0
    session = signed_in(live_server.app, "quan-tri", "administrator").get_cookie("hai_long")
    assert session is not None
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
    return page


def test_every_page_is_accessible_and_fits_a_phone(
    desk: Page, live_server: LiveServer, assert_accessible: Callable[[Page], None]
) -> None:
    carry_axe(desk.context)
    for path in PATHS:
        answer = desk.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        assert_accessible(desk)
        too_wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{path} is {too_wide} px too wide"


def test_a_file_is_mended_previewed_and_imported_by_hand(
    desk: Page, live_server: LiveServer, tmp_path: Path, assert_accessible: Callable[[Page], None]
) -> None:
    file = tmp_path / "ho-so.csv"
    desk.goto(f"{live_server.url}/desk/imports?kind=caseloads")
    for count in ("nhiều", "2600"):
        file.write_text(f"agency,service,month,unit,count\nBV,KHAM,2026-10,visit,{count}\n")
        assert desk.input_value("select[name=kind]") == "caseloads"
        desk.set_input_files("input[name=file]", file)
        desk.click("text=Kiểm tra tệp")
        assert_accessible(desk)
        if count == "nhiều":
            assert "Tệp ho-so.csv có 1 lỗi" in desk.inner_text("[role=alert]")
    assert "2.500 → 2.600" in desk.inner_text("main")
    desk.click("text=Nhập tệp này")
    assert "đã nhập: mới 0, thay đổi 1" in desk.inner_text("[role=status]")


def test_a_page_that_takes_long_says_that_work_is_going_on(desk: Page, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}/desk/agencies")
    # The page that was asked for never comes: whoever is asked last says no.
    desk.evaluate("addEventListener('click', (event) => event.preventDefault())")
    assert desk.inner_text("#at-work") == ""

    desk.click("a[href*='/desk/services']")
    wait_until(desk, "document.getElementById('at-work').textContent !== ''")
    assert desk.inner_text("#at-work[role=status]").strip() == "Đang tính, xin chờ…"

    desk.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    assert desk.inner_text("#at-work") == ""


def test_a_file_that_is_saved_is_not_waited_for(desk: Page, live_server: LiveServer) -> None:
    desk.goto(f"{live_server.url}/desk/agencies")
    desk.evaluate("addEventListener('click', (event) => event.preventDefault())")
    link = "<a href=/desk/x.csv download>x</a>"
    desk.evaluate("(link) => document.querySelector('main').insertAdjacentHTML('beforeend', link)", link)
    desk.evaluate("globalThis.begun = []; globalThis.setTimeout = (what, after) => begun.push(after)")

    desk.click("a[download]")
    assert 1000 not in desk.evaluate("begun")
    desk.click("a[href*='/desk/services']")
    assert 1000 in desk.evaluate("begun")
