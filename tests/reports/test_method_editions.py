"""Owners draft, check, compare, publish and retire their method; what was published keeps every word."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from pypdf import PdfReader
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import today
from survey.foundation.formatting import date
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

PAGE = "/desk/methods/dak-lak/health"
PUBLIC = "/results/dak-lak/methods/health"
DECISION = "Quyết định số 12/QĐ-SYT ngày 05/01/2026 của Sở Y tế"


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    return signed_in(app, "chu-phuong-phap", "method_owner", sector="health")


def send(client: FlaskClient, address: str, **fields: str) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(PAGE).text)
    assert token
    return client.post(address, data={"csrf_token": token[1], **fields}, follow_redirects=True).text


def save(client: FlaskClient, decision: str = DECISION, words: str = "") -> str:
    return send(client, PAGE, decision=decision, since=date(today()), own_words=words)


def test_a_draft_without_a_decision_is_not_published(app: Flask, owner: FlaskClient) -> None:
    assert "Chưa ghi văn bản ban hành" in save(owner, decision="")
    assert "Chưa ghi văn bản ban hành" in send(owner, f"{PAGE}/publish")
    assert "Dự thảo: theo những gì đang dùng" in app.test_client().get(PUBLIC).text


def test_an_edition_is_public_with_its_decision_and_keeps_every_word(
    app: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    page = save(owner, words="Khảo sát mỗi quý một lần.")
    assert "Nội dung sẽ công bố" in page
    assert "<ins>Khảo sát mỗi quý một lần.</ins>" in page
    assert "Đã công bố phương pháp, bản 1." in send(owner, f"{PAGE}/publish")
    first = app.test_client().get(PUBLIC)
    assert_valid_html(first.text, first.headers["Content-Security-Policy"])
    for text in (f"theo {DECISION}", "Khảo sát mỗi quý một lần.", "Ban hành theo Quyết định số 12"):
        assert text in first.text
    pdf = PdfReader(io.BytesIO(app.test_client().get(f"{PUBLIC}.pdf").data))
    plain = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    assert "Khảo sát mỗi quý một lần." in plain
    assert "DỰ THẢO" not in plain

    page = save(owner, words="Khảo sát mỗi tháng một lần.")
    assert "<del>Khảo sát mỗi quý một lần.</del>" in page
    assert "<ins>Khảo sát mỗi tháng một lần.</ins>" in page
    assert "Đã công bố phương pháp, bản 2." in send(owner, f"{PAGE}/publish")
    assert "mỗi tháng" in app.test_client().get(PUBLIC).text
    assert "mỗi quý" in app.test_client().get(f"{PUBLIC}?edition=1").text
    assert app.test_client().get(f"{PUBLIC}?edition=3").status_code == 404
    database.session.rollback()
    actions = list(database.session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "method")))
    assert actions == ["draft_method", "publish_method"] * 2


def test_the_same_again_is_not_published(owner: FlaskClient) -> None:
    save(owner)
    send(owner, f"{PAGE}/publish")
    assert "giống hệt bản đang công bố" in save(owner)
    assert "giống hệt bản đang công bố" in send(owner, f"{PAGE}/publish")


def test_a_retired_edition_says_since_when_and_why_and_the_public_reads_a_draft(app: Flask, owner: FlaskClient) -> None:
    save(owner)
    send(owner, f"{PAGE}/publish")
    assert "Ô này bắt buộc" in send(owner, f"{PAGE}/retire", number="1", retired_on=date(today()), reason="")
    said = send(owner, f"{PAGE}/retire", number="1", retired_on=date(today()), reason="Bộ ban hành mẫu mới")
    assert "Bản 1 thôi áp dụng từ ngày" in said
    assert "Dự thảo: theo những gì đang dùng" in app.test_client().get(PUBLIC).text
    assert "Bộ ban hành mẫu mới" in app.test_client().get(f"{PUBLIC}?edition=1").text


def test_where_the_province_asks_for_two_people_another_one_publishes(app: Flask, owner: FlaskClient) -> None:
    head = signed_in(app, "quan-tri", "administrator")
    rule = head.get("/desk/proposals/dak-lak/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', rule)
    assert token
    head.post("/desk/proposals/dak-lak/rule", data={"csrf_token": token[1], "to": "on"})
    save(owner)
    assert "một người khác có quyền cần xác nhận" in send(owner, f"{PAGE}/publish")
    assert "Dự thảo" in app.test_client().get(PUBLIC).text
    confirm = re.search(r'action="(/desk/proposals/dak-lak/\d+/confirm)"', head.get("/desk/proposals/dak-lak/").text)
    assert confirm
    head.post(confirm[1], data={"csrf_token": token[1]})
    assert f"theo {DECISION}" in app.test_client().get(PUBLIC).text


def test_others_do_not_write_the_owners_method(app: Flask) -> None:
    assert signed_in(app, "truong-hoc", "method_owner", sector="education").get(PAGE).status_code == 404
    assert signed_in(app, "thanh-tra", "auditor").get(PAGE).status_code == 403
