"""Answers by telephone: a list is drawn, calls end, what led to a person is erased, one answer a dossier."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from collections import Counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.channels.phone.contact_file import read_contacts
from survey.channels.phone.models import PhoneContact
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now, today
from survey.foundation.storage.database import db
from survey.foundation.tables.cells import TableRefused
from survey.retention.service import apply_rules
from tests.channels.conftest import Stored
from tests.channels.world import HEALTH, MANY
from tests.support.cases import in_one_world
from tests.support.device_text import FORMS
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

ADDRESS = f"/desk/counters/{HEALTH}/phone"


def file_of(*lines: str) -> str:
    return "\n".join(("dossier,phone", *lines))


FIVE = file_of(*(f"HS-{n},091234567{n}" for n in range(5)))


class Caller:
    """Somebody at the desk who makes lists and calls."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, address: str, **fields: object) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/desk/account").text)
        assert token
        answer = self.client.post(address, data={"csrf_token": token[1], **fields})
        return answer.headers.get("Location") or answer.text

    def list_of(self, content: str = FIVE, draw: int | str = "", last_day: dt.date | None = None) -> str:
        version = re.search(r'<option[^>]*value="(\d+)">[^<]*\(health, ', self.client.get(ADDRESS).text)
        assert version
        fields = {"version": version[1], "language": "vi", "service": "", "draw": draw}
        until = (last_day or today()).isoformat()
        return self.post(ADDRESS, **fields, last_day=until, file=(io.BytesIO(content.encode()), "ho-so.csv"))


@pytest.fixture
def caller(world: Flask) -> Caller:
    return Caller(signed_in(world, "goi-dien", "officer"))


@pytest.fixture
def other(world: Flask) -> Caller:
    return Caller(signed_in(world, "goi-dien-2", "officer"))


def contacts(world: Flask) -> list[PhoneContact]:
    with world.app_context():
        return list(db.session.scalars(select(PhoneContact).order_by(PhoneContact.id)))


def outcomes(world: Flask) -> Counter[str]:
    return Counter(contact.outcome for contact in contacts(world))


def person_on(page: str) -> str:
    match = re.search(r'href="tel:(\d+)"', page)
    assert match
    return match[1]


def test_an_interview_is_stored_once_by_phone_and_whom_it_was_with_is_erased(
    world: Flask, caller: Caller, stored: Stored
) -> None:
    place = caller.list_of()
    call = caller.post(f"{place}/next")
    person = person_on(caller.client.get(call).text)
    with world.app_context():
        assert person not in str([contact.sealed for contact in db.session.scalars(select(PhoneContact))])
    following = caller.post(call, overall_health="4", respondent_kind="1", comment="Chờ lâu")
    assert following.startswith("/desk/phone/contacts/")
    assert following != call
    caller.post(call, overall_health="1")  # sent again
    (answer,) = stored()
    assert (answer.channel, answer.answers, answer.comment) == ("phone", {"overall_health": 4}, "Chờ lâu")
    ended = [contact for contact in contacts(world) if contact.outcome == "answered"]
    assert [(contact.sealed, contact.held_by_id, contact.calls) for contact in ended] == [(None, None, 1)]
    assert "1 trong 5 người được rút đã trả lời" in caller.client.get(place).text


def test_only_as_many_as_wanted_are_drawn_and_the_others_are_kept_nowhere(world: Flask, caller: Caller) -> None:
    caller.list_of(draw=2)
    assert len(contacts(world)) == 2


def test_a_dossier_is_on_one_list_only_and_a_number_is_called_once(world: Flask, caller: Caller) -> None:
    first = caller.list_of(file_of("HS-1,0912345671", "HS-2,0912345672", "HS-3,+84 912 345 672"))
    assert "1 hồ sơ trùng số điện thoại nên bỏ ra" in caller.client.get(first).text
    second = caller.list_of(file_of("hs-1,0999999999", "HS-4,0912345674"))
    assert "1 hồ sơ đã có trong danh sách trước nên bỏ ra" in caller.client.get(second).text
    assert len(contacts(world)) == 3
    assert "mỗi hồ sơ chỉ được gọi một lần" in caller.list_of(file_of("HS-1,0912345671"))
    key = world.config["SECRET_KEY"]
    world.config.update(SECRET_KEY="another key entirely, of good length", SECRET_KEY_FALLBACKS=[key])
    with world.app_context():
        from survey.channels.phone.contact_file import Contact
        from survey.channels.phone.service import _not_called_before
        from survey.registry.models import Province

        province = db.session.scalars(select(Province.id).where(Province.key == "dak-lak")).one()
        assert _not_called_before(db.session(), province, [Contact("HS-1", "0912345671")]) == []


@pytest.mark.parametrize(
    ("content", "why", "line"),
    [
        ("ho ten,phone\nA,0912345678", "hai cột", None),
        (file_of("HS-1,12345"), "không phải số điện thoại", 2),
        (file_of("HS-1,0912345678", ",0912345679"), "Thiếu mã hồ sơ", 3),
        (file_of("HS-1,0912345678", "HS-2,0912345679", "hs-1,0912345670"), "đã có ở dòng 2", 4),
        ("dossier,phone\n", "không có hồ sơ nào", None),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(world: Flask, content: str, why: str, line: int | None) -> None:
    with world.test_request_context(), pytest.raises(TableRefused, match=why) as refused:
        read_contacts(content.encode())
    assert refused.value.line == line


def test_titles_above_and_columns_of_other_names_are_no_hindrance(world: Flask) -> None:
    content = "DANH SÁCH HỒ SƠ\n;;\nMã số hồ sơ;Họ tên;SĐT\nHS-1;Lê A;0912345678\n"
    with world.test_request_context():
        read = read_contacts(content.encode())
    assert read.contacts == [("HS-1", "0912345678")]


def test_columns_in_vietnamese_and_numbers_a_spreadsheet_shortened_are_read(world: Flask) -> None:
    content = "STT;Mã hồ sơ;Số điện thoại\n1;HS-1;912.345.678\n2;HS-2;+84 (91) 234-5679\n"
    with world.test_request_context():
        read = read_contacts(content.encode())
    assert read.contacts == [("HS-1", "0912345678"), ("HS-2", "0912345679")]


@in_one_world("name", [name for name in FORMS if "as it should be" not in name])
def test_a_dossier_is_the_same_however_a_device_sends_it(world: Flask, name: str) -> None:
    meant, sent = "Hồ sơ Đắk Lắk 1", FORMS[name]("Hồ sơ Đắk Lắk 1", random.Random(7))
    with world.test_request_context():
        read = read_contacts(f'dossier,phone\n"{sent}",0905123456\n'.encode())
    assert read.contacts == [(meant, "0905123456")]


@pytest.mark.parametrize("sent", ["０９０５１２３４５６", "0905–123–456", "\u202a0905123456\u202c", "84905123456"])
def test_a_number_is_read_however_it_is_written(world: Flask, sent: str) -> None:
    with world.test_request_context():
        assert read_contacts(f"dossier,phone\nHS-1,{sent}\n".encode()).contacts == [("HS-1", "0905123456")]


def test_a_dossier_in_an_old_font_is_refused_by_its_name(world: Flask) -> None:
    with world.test_request_context(), pytest.raises(TableRefused, match="TCVN3") as refusal:
        read_contacts("dossier,phone\nHå s¬ 1,0905123456\n".encode())
    assert (refusal.value.line, "Hồ sơ 1" in refusal.value.mend) == (2, True)


def test_a_wrong_file_changes_nothing_and_says_how_to_mend_it(world: Flask, caller: Caller) -> None:
    page = caller.list_of(file_of("HS-1,12"))
    assert "Dòng 2: “12” không phải số điện thoại." in page
    assert contacts(world) == []


@in_one_world("outcome", ["refused", "wrong_number"])
def test_what_ends_a_call_erases_whom_it_was_with(world: Flask, outcome: str) -> None:
    caller = Caller(signed_in(world, f"ket-thuc-{outcome}", "officer"))
    call = caller.post(f"{caller.list_of(file_of(f'{outcome},0912345678'))}/next")
    caller.post(f"{call}/outcome", outcome=outcome)
    (contact,) = [contact for contact in contacts(world) if contact.outcome == outcome]
    assert contact.sealed is None
    assert "đã có kết quả" in caller.client.get(caller.post(call, overall_health="4")).text


def test_who_was_not_reached_is_called_again_later_and_five_times_at_most(world: Flask, caller: Caller) -> None:
    place = caller.list_of(file_of("HS-1,0912345678"), last_day=today() + dt.timedelta(days=9))
    for count in range(1, 6):
        with time_machine.travel(now() + dt.timedelta(hours=5 * count), tick=False):
            caller = Caller(signed_in(world, f"goi-{count}", "officer"))
            call = caller.post(f"{place}/next")
            assert call.startswith("/desk/phone/contacts/")
            assert caller.post(f"{call}/outcome", outcome="no_answer" if count % 2 else "call_again") == place
            assert caller.post(f"{place}/next") == place  # not at once
    (contact,) = contacts(world)
    assert (contact.outcome, contact.calls, contact.sealed) == ("no_answer", 5, None)


def test_two_people_never_call_the_same_person(world: Flask, caller: Caller, other: Caller, stored: Stored) -> None:
    place = caller.list_of(file_of("HS-1,0912345671", "HS-2,0912345672"))
    mine, theirs = caller.post(f"{place}/next"), other.post(f"{place}/next")
    assert mine != theirs
    assert caller.post(f"{place}/next") == mine  # whom one holds comes again
    assert other.client.get(mine).status_code == 302 or "tel:" not in other.client.get(mine).text
    other.post(mine, overall_health="1")
    other.post(f"{mine}/outcome", outcome="refused")
    assert stored() == []
    with time_machine.travel(now() + dt.timedelta(minutes=31), tick=False):
        third = Caller(signed_in(world, "nguoi-thu-ba", "officer"))
        taken = third.post(f"{place}/next")
        assert taken in (mine, theirs)
        (caller if taken == mine else other).post(taken, overall_health="1")
    assert stored() == []


def test_a_wrong_digit_keeps_what_was_typed_and_whom_one_talks_to(world: Flask, caller: Caller, stored: Stored) -> None:
    call = caller.post(f"{caller.list_of()}/next")
    page = caller.post(call, overall_health="9", comment="Ghế ít")
    assert 'value="Ghế ít"' in page
    assert "chỉ nhận" in page
    assert "tel:" in page
    assert stored() == []


def test_a_list_that_is_closed_or_over_holds_nobody_any_more(world: Flask, caller: Caller) -> None:
    closed = caller.list_of(file_of("HS-1,0912345671"))
    caller.list_of(file_of("HS-2,0912345672"))
    caller.post(f"{closed}/close")
    assert [contact.sealed is None for contact in contacts(world)] == [True, False]
    assert caller.post(f"{closed}/next") == closed
    for days, erased, marks in ((0, 0, 2), (1, 1, 2), (367, 0, 0)):
        with world.app_context(), time_machine.travel(now() + dt.timedelta(days=days), tick=False):
            assert apply_rules()["phone_contacts"] == erased
        assert sum(contact.mark is not None for contact in contacts(world)) == marks
    assert outcomes(world) == {"waiting": 2}


def test_a_list_lives_two_months_at_most(world: Flask, caller: Caller) -> None:
    assert "Chọn một ngày" in caller.list_of(last_day=today() + dt.timedelta(days=61))
    assert "Chọn một ngày" in caller.list_of(last_day=today() - dt.timedelta(days=1))
    assert contacts(world) == []


def test_the_log_says_how_many_and_names_nobody(world: Flask, caller: Caller) -> None:
    caller.post(f"{caller.list_of(FIVE, draw=3)}/close")
    with world.app_context():
        made, closed = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("%phone_list")))
    assert (made.action, made.after["count"]) == ("make_phone_list", 3)
    assert (closed.action, closed.after["count"]) == ("close_phone_list", 3)
    assert "HS-" not in str((made.after, closed.after))
    assert "0912" not in str((made.after, closed.after))


def test_who_has_no_part_in_a_counters_sector_neither_sees_nor_calls_its_people(world: Flask, caller: Caller) -> None:
    place = caller.list_of()
    call = caller.post(f"{place}/next")
    stranger = signed_in(world, "xa", "officer", agency="ubnd-ea-kao")
    auditor = signed_in(world, "thanh-tra", "auditor")
    assert {stranger.get(address).status_code for address in (place, call, ADDRESS)} == {404}
    assert {auditor.get(address).status_code for address in (place, call, ADDRESS)} == {403}
    assert stranger.get(f"/desk/counters/{MANY}/phone").status_code == 200
    assert place not in stranger.get("/desk/phone").text


def test_the_pages_of_the_telephone_are_valid_in_both_languages(world: Flask, caller: Caller) -> None:
    place = caller.list_of()
    call = caller.post(f"{place}/next")
    for address in (ADDRESS, "/desk/phone", place, call):
        for language in ("", "?lang=en"):
            answer = caller.client.get(address + language)
            assert answer.status_code == 200
            assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
