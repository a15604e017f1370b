"""While an answer is sent the page says so without a script; the thanks say what happens to it now."""

from __future__ import annotations

import re
import socket

import pytest
from flask import Flask

from analysis.periods.models import Closing
from analysis.results import after_thanks
from survey.foundation.storage.database import db
from survey.registry.models import Agency
from tests.registry.pages import text_of
from tests.support.applications import serving
from tests.support.browsers import MakeContext


def thanks(app: Flask, counter: str = "DL-BVSN-Q1") -> str:
    client = app.test_client()
    token = re.search(r'name="token" value="([^"]+)"', client.get(f"/c/{counter}").text)
    assert token is not None
    answer = client.post(f"/c/{counter}", data={"token": token[1], "overall_health": "4"})
    assert answer.status_code == 200
    return text_of(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def test_thanks_say_when_it_is_published(demonstration: Flask) -> None:
    said = thanks(demonstration)
    assert "được tính vào kết quả tháng 11/2026, công bố sau khi tỉnh chốt số liệu của tháng" in said


def test_the_number_told_is_the_one_published_last(demonstration: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def published(period: str, received: int | None) -> Closing:
        row = {"domain": "DL-BVSN", "received": received}
        return Closing(period=period, figures={"subjects": {"health_service": {"by": {"agency": [row]}}}})

    closings = [published("2026-10", None), published("2026-09", 106), published("2026-08", 97)]
    monkeypatch.setattr(after_thanks, "fetch_published", lambda _province: closings)
    with demonstration.test_request_context():
        agency = db.session.query(Agency).filter_by(code="DL-BVSN").one()
        said = after_thanks.lines(agency.province_id, agency.id)
    assert said[1] == "Tháng 9/2026: đã công bố kết quả từ 106 lượt đánh giá cơ quan này."


def test_the_button_says_that_it_is_sending_without_a_script(demonstration: Flask, new_context: MakeContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(demonstration, listener):
        page = new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
        page.goto(f"http://127.0.0.1:{listener.getsockname()[1]}/c/DL-BVSN-Q1")
        sending = page.locator(".sending")
        assert "Đang gửi" in (sending.text_content() or "")
        assert not sending.is_visible()
        button = page.locator(".send button").bounding_box()
        assert button is not None
        page.mouse.move(button["x"] + 5, button["y"] + 5)
        page.mouse.down()
        sending.wait_for(state="visible")
