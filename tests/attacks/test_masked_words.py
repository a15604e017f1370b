"""A colleague who may read comments masked looks for the number and the name behind the mask, piece by piece."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import db
from tests.desk.filled import database_url, frozen_clock
from tests.desk.test_comments import comment_on
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "frozen_clock"]
PAGE, FILE = "/desk/dak-lak/health/comments", "/desk/dak-lak/health/comments.csv"
SAID = "Chờ lâu quá, gọi tôi số 0912 345 678 hoặc hoa.nt@example.vn, tôi là Nguyễn Thị Hoa"
MASKED = ("0", "09", "0912", "345 678", "0912 345 678", "hoa.nt", "@example.vn", "nguyễn thị", "thi hoa", "hoa.")


@pytest.fixture
def world(app: Flask) -> Flask:
    comment_on(app, ("bv-tinh", "kham-benh", "2026-10-12", 1, SAID))
    return app


def finds(client: FlaskClient, address: str, words: str, **more: str) -> bool:
    answer = client.get(address, query_string={"q": words, "period": "2026-10", **more})
    assert answer.status_code == 200
    return "Chờ lâu" in answer.text


def test_no_search_finds_what_is_masked(world: Flask) -> None:
    officer = signed_in(world, "can-bo", "officer", sector="health")
    owner = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert finds(officer, PAGE, "cho lau")
    assert finds(owner, FILE, "cho lau")
    assert [words for words in MASKED if finds(officer, PAGE, words)] == []
    assert [words for words in MASKED if finds(owner, FILE, words)] == []


def test_who_may_unmask_finds_it_and_leaves_a_trace(world: Flask) -> None:
    owner = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert finds(owner, PAGE, "0912", reveal="1")
    assert finds(owner, FILE, "gọi tôi số")
    with world.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    told = {entry.action: entry.after or {} for entry in entries}
    assert [told[action]["q"] for action in ("reveal_comments", "export_comments")] == [True, True]
    assert not any("0912" in str(entry.after) or "gọi tôi" in str(entry.after) for entry in entries)
    assert not finds(signed_in(world, "can-bo", "officer", sector="health"), PAGE, "0912", reveal="1")
