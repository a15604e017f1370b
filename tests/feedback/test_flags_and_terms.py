"""Threats and personal data are flagged; terms follow kind and holidays; what clerks entered is erased in its time."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.feedback.deadlines import due_on
from survey.feedback.models import FeedbackCase, FeedbackStep
from survey.feedback.rules import rules
from tests.feedback.test_flow import answered
from tests.feedback.test_kinds import only_case, owner, report
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.staff import signed_in

__all__ = ["owner"]
FRIDAY = dt.date(2026, 8, 28)  # before the holidays of 1 and 2 September


@pytest.mark.parametrize(
    ("words", "flagged"),
    [
        ("Tôi sẽ đốt trụ sở", True),
        ("toi se dot tru so", True),
        ("Liệu hồn mấy người", True),
        ("Bơm nước hỏng", False),
        ("Nhà vệ sinh bẩn", False),
    ],
)
def test_a_threat_is_flagged_in_the_list_and_on_the_case_and_nowhere_else(
    world: Flask, owner: FlaskClient, database: SQLAlchemy, words: str, flagged: bool
) -> None:
    code, citizen = report(world, words)
    page = text_of(owner.get(f"/desk/feedback/{only_case(database).id}").text)
    listed = text_of(owner.get("/desk/feedback").text)
    assert ("Có lời đe dọa" in page, "lời đe dọa" in listed) == (flagged, flagged)
    assert "đe dọa" not in text_of(citizen.client.get(f"/p/{code}").text)


def test_personal_data_in_what_was_written_is_flagged_and_masked(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    report(world, "Gọi tôi số 0912345678, thiếu ghế")
    page = text_of(owner.get(f"/desk/feedback/{only_case(database).id}").text)
    listed = text_of(owner.get("/desk/feedback").text)
    assert "đã che" in page
    assert "có thông tin riêng" in listed
    assert "0912345678" not in page + listed


def test_each_kind_has_its_term_in_working_days_past_the_holidays_and_an_installation_its_own(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        assert due_on("complaint", FRIDAY) == dt.date(2026, 9, 8), "5 working days without two holidays"
        assert due_on("regulation", FRIDAY) > due_on("conduct", FRIDAY) > due_on("complaint", FRIDAY)
        own = rules().model_dump() | {"days": {"service": 1}}
        path = tmp_path / "rules.json"
        path.write_text(json.dumps(own), encoding="utf-8")
        changed = app.extensions["settings"].__class__(
            **{**vars(app.extensions["settings"]), "feedback_rules": str(path), "feedback_working_days": 3}
        )
        monkeypatch.setitem(app.extensions, "settings", changed)
        assert due_on("service", FRIDAY) == dt.date(2026, 8, 31)
        assert due_on("conduct", dt.date(2026, 11, 20)) == dt.date(2026, 11, 25)


def test_a_reply_begins_as_the_rules_of_its_kind_say(world: Flask, owner: FlaskClient, database: SQLAlchemy) -> None:
    report(world, "Nhân viên quát mắng tôi")
    page = text_of(owner.get(f"/desk/feedback/{only_case(database).id}").text)
    with world.app_context():
        assert rules().replies["conduct"] in page
        assert rules().replies["service"] not in page


def test_what_a_clerk_entered_is_erased_two_years_after_it_was_closed_with_all_its_steps(
    world: Flask, database: SQLAlchemy
) -> None:
    clerk = signed_in(world, "can-bo", "officer", agency="bv-vung")
    fields = fields_of(open_page(clerk, "/desk/feedback/new"), "text")
    clerk.post(
        "/desk/feedback/new",
        data=fields
        | {"agency": "bv-vung", "sector": "health", "channel": "paper", "text": "Bà Lan ở số 5 kêu thiếu ghế"},
    )
    health, case = signed_in(world, "so-y-te", "method_owner", sector="health"), only_case(database)
    answered(health, f"/desk/feedback/{case.id}", "Đã kê ghế.")
    health.post(
        f"/desk/feedback/{case.id}/close", data=fields_of(open_page(health, f"/desk/feedback/{case.id}"), "note")
    )
    runner = world.test_cli_runner()
    for later, left in (("2028-11-19", 1), ("2028-11-21", 0)):
        with time_machine.travel(f"{later}T05:00:00+00:00", tick=False):
            assert runner.invoke(args=["survey", "retention"]).exit_code == 0
        database.session.rollback()
        assert database.session.scalar(select(func.count(FeedbackCase.id))) == left
        assert bool(database.session.scalar(select(func.count(FeedbackStep.id)))) == bool(left)


def test_the_reply_on_an_english_page_says_that_it_is_in_vietnamese(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    code, citizen = report(world, "Thiếu ghế")
    answered(owner, f"/desk/feedback/{only_case(database).id}", "Đã kê ghế.")
    english = citizen.client.get(f"/p/{code}?lang=en").text
    assert '<p lang="vi">Đã kê ghế.</p>' in english
    assert "The agency replies in Vietnamese." in english
    assert "Cơ quan trả lời bằng" not in citizen.client.get(f"/p/{code}").text
