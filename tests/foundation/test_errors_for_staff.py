"""Errors at the desk speak to staff and name the request; everybody else's speak to citizens as before."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


def test_what_staff_may_not_see_or_does_not_exist_leads_back_to_the_desk(app: Flask) -> None:
    client = signed_in(app, "can-bo", "officer")
    answer = client.get("/desk/agencies/KHONG-CO")
    assert answer.status_code == 404
    assert "nằm ngoài phạm vi của tài khoản" in answer.text
    assert 'href="/desk/"' in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert "quét lại mã" not in answer.text


def test_citizens_are_told_as_before(app: Flask) -> None:
    answer = app.test_client().get("/khong-co")
    assert "quét lại mã" in answer.text
    assert answer.headers["X-Request-ID"] not in answer.text
    assert "bàn làm việc" not in answer.text


def test_a_failure_names_the_request_to_tell_the_technical_staff(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(app, "can-bo", "officer")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        raise RuntimeError("x")

    monkeypatch.setitem(app.view_functions, "staff.account", fail)
    answer = client.get("/desk/account")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "Nếu vừa gửi đánh giá" not in answer.text
