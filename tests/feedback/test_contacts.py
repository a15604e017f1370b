"""How a citizen may be reached: left with consent, encrypted apart, read by who handles the case, erased in time."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text

from survey.feedback.follow.contacts import open_contact, read_contact
from survey.feedback.models import FeedbackContact
from survey.foundation.changes.audit_entry import AuditEntry
from survey.retention.service import apply_rules
from tests.feedback.test_flow import WORDS, answered, handed
from tests.feedback.test_kinds import only_case, owner, report
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

__all__ = ["owner"]
PHONE = "0912345678"
LEFT = {"contact": "0912 345 678", "consent": "1"}


def left(world: Flask) -> tuple[str, FlaskClient]:
    """A citizen who has left a telephone number: the code, and their browser."""
    code, citizen = report(world, WORDS)
    assert citizen.client.post(f"/p/{code}/contact", data=LEFT).status_code == 303
    return code, citizen.client


def stored_contacts(database: SQLAlchemy) -> list[FeedbackContact]:
    database.session.rollback()
    return list(database.session.scalars(select(FeedbackContact)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" 0912 345 678 ", PHONE),
        ("+84 912.345.678", "+84912345678"),
        ("lan@thu.vn", "lan@thu.vn"),
        ("0912", None),
        ("lan@thu", None),
        ("<b>@x.vn", None),
        ("", None),
    ],
)
def test_a_contact_is_a_telephone_number_or_a_mail_address(typed: str, expected: str | None) -> None:
    assert read_contact(typed) == expected


def test_without_consent_nothing_is_kept_and_what_was_typed_stays(world: Flask, database: SQLAlchemy) -> None:
    code, citizen = report(world, WORDS)
    for sent, told in (({"contact": "0912 345 678"}, "ô đồng ý"), ({"contact": "không", "consent": "1"}, "Ghi một số")):
        refused = citizen.client.post(f"/p/{code}/contact", data=sent)
        assert refused.status_code == 422
        assert told in text_of(refused.text)
        assert f'value="{sent["contact"]}"' in refused.text
        assert_valid_html(refused.text, refused.headers["Content-Security-Policy"])
    assert stored_contacts(database) == []
    page = text_of(citizen.client.get(f"/p/{code}").text)
    for said in ("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15", "Nghị định 20/2008/NĐ-CP", "không quá 180 ngày"):
        assert said in page


def test_it_is_encrypted_apart_keeps_the_hour_alone_and_is_on_no_page_of_the_code(
    world: Flask, database: SQLAlchemy
) -> None:
    code, client = left(world)
    (contact,) = stored_contacts(database)
    assert (contact.consented_at.minute, contact.expires_on) == (0, dt.date(2027, 5, 19))
    for table in ("feedback_contacts", "feedback_cases", "responses", "audit_entries"):
        rows = str(list(database.session.execute(text(f"SELECT * FROM {table}"))))
        assert PHONE not in rows
        assert "0912 345" not in rows
    page = client.get(f"/p/{code}")
    assert PHONE not in page.text
    assert "Set-Cookie" not in page.headers
    with world.app_context():
        assert open_contact(contact.case_id) == PHONE
        world.config.update(SECRET_KEY="another key entirely, of good length", SECRET_KEY_FALLBACKS=[])
        assert open_contact(contact.case_id) is None


def test_who_handles_the_case_reads_it_each_time_with_a_trace_and_nobody_else(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    left(world)
    address = f"/desk/feedback/{only_case(database).id}"
    auditor = signed_in(world, "thanh-tra", "auditor")
    token = {"csrf_token": fields_of(open_page(owner, address), "note")["csrf_token"]}
    assert PHONE not in owner.get(address).text
    assert PHONE in owner.post(f"{address}/contact", data=token).text
    handed(owner, address, "ubnd-ea-kao")
    commune = signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
    fields = fields_of(open_page(commune, address), "note")
    assert PHONE in commune.post(f"{address}/contact", data=fields).text
    assert owner.post(f"{address}/contact", data=token).status_code == 403, "it is in other hands"
    world.config["WTF_CSRF_ENABLED"] = False
    assert auditor.post(f"{address}/contact").status_code == 403
    database.session.rollback()
    entries = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "read_contact")).all()
    assert len(entries) == 2
    assert all(PHONE not in str(vars(entry)) for entry in entries)


def test_the_agency_it_is_about_never_reads_it_even_when_it_answers(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    left(world)
    address = f"/desk/feedback/{only_case(database).id}"
    handed(owner, address, "bv-vung")
    world.config["WTF_CSRF_ENABLED"] = False
    accused = signed_in(world, "benh-vien", "agency_manager", agency="bv-vung")
    assert accused.post(f"{address}/contact").status_code in (403, 404)
    assert PHONE in owner.post(f"{address}/contact").text


def test_a_page_that_asks_for_a_number_or_keeps_one_does_not_say_that_none_is_kept(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    none_kept = "không lưu họ tên, số điện thoại"
    code, citizen = report(world, WORDS)
    page = f"/p/{code}"
    assert none_kept not in text_of(citizen.client.get(page).text), "it asks for one"
    citizen.client.post(f"{page}/contact", data=LEFT)
    assert none_kept not in text_of(citizen.client.get(page).text), "it keeps one"
    citizen.client.post(f"{page}/contact", data={"withdraw": "1"})
    address = f"/desk/feedback/{only_case(database).id}"
    answered(owner, address, "Đã kê ghế.")
    owner.post(f"{address}/close", data=fields_of(open_page(owner, address), "answer"))
    assert none_kept in text_of(citizen.client.get(page).text)


def test_taking_consent_back_erases_it_at_once(world: Flask, database: SQLAlchemy) -> None:
    code, client = left(world)
    client.post(f"/p/{code}/contact", data={"withdraw": "1"})
    assert stored_contacts(database) == []
    assert "Để lại cách liên hệ" in text_of(client.get(f"/p/{code}").text)


@pytest.mark.parametrize(
    ("closed", "last_day"),
    [(False, "2027-05-19"), (True, "2026-12-20")],
    ids=["180 days after it was left", "30 days after the case was closed"],
)
def test_it_is_erased_when_its_time_is_over(
    world: Flask, owner: FlaskClient, database: SQLAlchemy, closed: bool, last_day: str
) -> None:
    left(world)
    case_id = only_case(database).id
    if closed:
        address = f"/desk/feedback/{case_id}"
        answered(owner, address, "Đã kê ghế.")
        owner.post(f"{address}/close", data=fields_of(open_page(owner, address), "answer"))
    for days, kept in ((0, 1), (1, 0)):
        day = dt.date.fromisoformat(last_day) + dt.timedelta(days=days)
        with time_machine.travel(dt.datetime.combine(day, dt.time(1), dt.UTC), tick=False), world.app_context():
            assert (open_contact(case_id) is not None) == bool(kept), "over means unread, even before it is erased"
            assert apply_rules()["contacts"] == 1 - kept
        assert len(stored_contacts(database)) == kept
