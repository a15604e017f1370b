"""One button reminds every agency that owes caseloads and names whom no letter reached; pasting fills the grid."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from survey.accounts.models import RoleGrant, User
from survey.foundation import mail
from survey.foundation.storage.database import writing
from survey.registry.models import Agency
from tests.registry_files.files import RESPONSES, WORLD, importer
from tests.support.staff import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.applications import LiveServer


@pytest.fixture
def owing(app: Flask, tmp_path: Path) -> Flask:
    """A commune with answers and no caseload."""
    run = importer(app.test_cli_runner(), tmp_path)
    for kind, content in {**WORLD, "responses": RESPONSES}.items():
        assert kind == "caseloads" or run(kind, content).exit_code == 0
    return app


def pressed(app: Flask) -> str:
    client = signed_in(app, "quan-tri", "administrator")
    page = client.get("/desk/caseloads/owed").text
    (action,) = re.findall(r'action="(/desk/caseloads/owed/remind[^"]*)"', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    client.post(action, data={"csrf_token": token[1]})
    return client.get("/desk/caseloads/owed").text


@pytest.mark.usefixtures("frozen_clock")
def test_whoever_keeps_the_caseloads_of_an_agency_gets_one_letter(
    owing: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", lambda _server, message: sent.append(message))
    owing.extensions["settings"] = owing.extensions["settings"].but(smtp_url="smtp://127.0.0.1:1")
    with owing.app_context(), writing() as session:
        agency = session.query(Agency).filter_by(code="EA-MOI").one()
        user = User(username="xa", name="Cán bộ xã", email="xa@example.vn", password_hash="-")
        user.grants = [RoleGrant(role="agency_manager", province_id=agency.province_id, agency_id=agency.id)]
        session.add(user)
        name = agency.name
    shown = pressed(owing)
    (letter,) = sent
    assert letter["To"] == "xa@example.vn"
    assert "/desk/agencies/EA-MOI/caseloads/2026-10" in letter.get_content()
    assert f"Đã gửi thư nhắc 1 cơ quan: {name}." in shown


@pytest.mark.usefixtures("frozen_clock")
def test_without_a_mail_server_the_page_names_whom_to_call(owing: Flask) -> None:
    shown = pressed(owing)
    assert "máy chủ thư chưa được thiết lập" in shown
    assert "hãy gọi điện" in shown


def test_a_column_pasted_from_a_spreadsheet_fills_the_boxes_below_and_beside(
    live_server: LiveServer, page: Page, tmp_path: Path
) -> None:
    run = importer(live_server.app.test_cli_runner(), tmp_path)
    for kind, content in WORLD.items():
        assert run(kind, content).exit_code == 0
    session = signed_in(live_server.app, "quan-tri", "administrator").get_cookie("hai_long")
    assert session is not None
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/desk/agencies/BV/caseloads/2026-10?add=KHAM&add=NOITRU")
    first = page.locator(".caseload-grid tbody input").first
    first.evaluate(
        """box => { const copied = new DataTransfer(); copied.setData("text/plain", "1.234\\t5\\r\\n99\\t\\r\\n");
        box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: copied, bubbles: true, cancelable: true})); }"""
    )
    rows = page.locator(".caseload-grid tbody tr")
    assert [rows.nth(0).locator("input").nth(column).input_value() for column in (0, 1)] == ["1.234", "5"]
    if rows.count() > 1:
        assert rows.nth(1).locator("input").first.input_value() == "99"
