"""A single-use code on a receipt rates one visit: a retry is thanked, a new visit sees that the code was used."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from pypdf import PdfReader
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from survey.channels.tickets.models import Ticket
from survey.channels.tickets.service import GOOD_FOR
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now, start_of_day, today
from survey.foundation.configuration.settings import Settings
from survey.foundation.identifiers import digest, readable_code
from survey.foundation.security.codes import UNKNOWN_CODES, stored_digest
from survey.foundation.security.throttle_models import Attempts
from survey.foundation.storage.database import writing
from tests.channels.conftest import ALREADY, RECORDED, Stored, token_in
from tests.channels.world import CLOSED, MANY
from tests.feedback.test_following import code_in
from tests.registry.pages import fields_of, open_page
from tests.support.applications import application
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.printed_codes import codes_in
from tests.support.staff import signed_in

USED = "Mã này đã dùng"


@pytest.fixture
def manager(world: Flask) -> FlaskClient:
    return signed_in(world, "ubnd", "agency_manager", agency="ubnd-ea-kao")


def batch(client: FlaskClient, count: int = 3, service: str = "", counter: str = MANY) -> list[dict[str, str]]:
    """Make tickets at the desk; the rows of the file."""
    path = f"/desk/counters/{counter}/tickets"
    fields = fields_of(open_page(client, path), "count") | {"count": str(count), "service": service}
    answer = client.post(path, data=fields)
    assert answer.mimetype == "text/csv", answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@dataclass(frozen=True)
class Holder:
    """Someone with a receipt."""

    client: FlaskClient
    code: str

    def open(self) -> str:
        """Open the form; give back its token."""
        answer = self.client.get(f"/t/{self.code}")
        assert answer.status_code == 200, answer.text
        assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
        assert "Set-Cookie" not in answer.headers
        return token_in(answer.text)

    def send(self, token: str, **fields: str) -> TestResponse:
        """Send answers and follow to the page that comes next."""
        return self.client.post(f"/t/{self.code}", data={"token": token, **fields}, follow_redirects=True)


def test_a_batch_is_a_file_of_codes_that_stand_nowhere_else(
    world: Flask, manager: FlaskClient, database: SQLAlchemy
) -> None:
    rows = batch(manager, 25, "khai-sinh")
    assert len({row["code"] for row in rows}) == 25
    assert rows[0]["address"].endswith(f"/t/{rows[0]['code']}")
    assert {row["service"] for row in rows} == {"Đăng ký khai sinh"}
    database.session.rollback()
    stored = set(database.session.scalars(select(Ticket.code_digest)))
    with world.app_context():
        assert stored == {stored_digest("ticket", row["code"]) for row in rows}
    assert stored.isdisjoint(digest(row["code"]) for row in rows)
    [last] = {row["expires"] for row in rows}
    assert last == (today() + GOOD_FOR).isoformat()
    (trace,) = database.session.scalars(select(AuditEntry))
    assert (trace.action, trace.after) == (
        "make_tickets",
        {"counter": MANY, "service": "khai-sinh", "count": 25, "ends_on": last},
    )
    assert rows[0]["code"] not in str(trace.after)


def test_a_code_rates_one_visit_for_its_service(world: Flask, manager: FlaskClient, stored: Stored) -> None:
    (row,) = batch(manager, 1, "khai-sinh")
    holder = Holder(world.test_client(), row["code"])
    page = holder.client.get(f"/t/{row['code'].lower()}").text
    assert 'name="service"' not in page
    assert RECORDED in holder.send(holder.open(), overall_service="4").text
    (response,) = stored()
    assert response.service_id is not None
    assert response.channel == "ticket"
    used = Holder(world.test_client(), row["code"])
    refused = used.send(used.open(), overall_service="4")  # opening says nothing, sending does
    assert refused.status_code == 410
    assert USED in refused.text


def test_who_rates_by_a_code_may_ask_for_a_reply_and_reads_it_by_another(world: Flask, manager: FlaskClient) -> None:
    (row,) = batch(manager, 1)
    holder = Holder(world.test_client(), row["code"])
    thanks = holder.send(holder.open(), overall_service="2", comment="Thiếu ghế ngồi", reply="1")
    follow = code_in(thanks)
    assert row["code"] not in follow
    assert "Ý kiến đang chờ trả lời" in world.test_client().get(f"/p/{follow}").text


def test_the_thanks_answer_what_was_sent_without_leading_elsewhere_and_reload_safely(
    world: Flask, manager: FlaskClient, stored: Stored
) -> None:
    (row,) = batch(manager, 1)
    token = Holder(world.test_client(), row["code"]).open()
    sent = {"token": token, "overall_service": "4"}
    for words in (RECORDED, ALREADY):
        answer = world.test_client().post(f"/t/{row['code']}", data=sent)
        assert answer.status_code == 200
        assert words in answer.text
        assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    assert len(stored()) == 1


@in_one_world(("file", "language"), [("slip", "vi"), ("slip", "en"), ("receipt", "en")])
def test_slips_say_until_when_in_both_languages_whatever_the_clerk_reads(
    manager: FlaskClient, file: str, language: str
) -> None:
    path = f"/desk/counters/{MANY}/tickets"
    day = today() + dt.timedelta(days=60)
    fields = fields_of(open_page(manager, path), "count") | {"count": "1", "file": file, "expires": day.isoformat()}
    answer = manager.post(f"{path}?lang={language}", data=fields)
    words = "".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    assert f"Dùngmộtlần,đếnhếtngày{day:%d/%m/%Y}" in words
    assert f"Goodonce,until{day.day}{day:%b%Y}" in words


@in_one_world("file", ["slip", "receipt"])
def test_slips_to_print_hold_codes_that_open_the_form(manager: FlaskClient, file: str) -> None:
    page = manager.get(f"/desk/counters/{MANY}/tickets").text
    fields = {"csrf_token": re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[-1], "service": ""}
    fields |= {"expires": (today() + GOOD_FOR).isoformat(), "file": file}
    answer = manager.post(f"/desk/counters/{MANY}/tickets", data=fields | {"count": "9"})
    assert answer.mimetype == "application/pdf"
    addresses = [code for codes in codes_in(answer.data) for code in codes]
    assert len(set(addresses)) == 9
    for address in addresses:
        assert manager.get("/t/" + address.rpartition("/t/")[2]).status_code == 200
    refused = manager.post(f"/desk/counters/{MANY}/tickets", data=fields | {"count": "401"})
    assert refused.status_code == 422


def test_a_retry_of_the_same_answer_is_thanked_and_only_a_new_visit_is_told(
    world: Flask, manager: FlaskClient, stored: Stored
) -> None:
    (row,) = batch(manager, 1)
    holder = Holder(world.test_client(), row["code"])
    first, second = holder.open(), holder.open()
    assert RECORDED in holder.send(first, overall_service="4").text
    assert ALREADY in holder.send(first, overall_service="4").text
    assert ALREADY in holder.send(first, overall_service="1").text  # the first answer stands
    late = holder.send(second, overall_service="1")
    assert late.status_code == 410
    assert USED in late.text
    assert [response.answers for response in stored()] == [{"overall_service": 4}]


def test_of_many_who_send_with_one_code_at_once_one_is_stored(
    world: Flask, manager: FlaskClient, stored: Stored
) -> None:
    (row,) = batch(manager, 1)
    holders = [Holder(world.test_client(), row["code"]) for _number in range(4)]
    tokens = [holder.open() for holder in holders]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda pair: pair[0].send(pair[1], overall_service="4"), zip(holders, tokens, strict=True))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert len(stored()) == 1


def test_a_mistake_is_mended_on_the_same_code(world: Flask, manager: FlaskClient, stored: Stored) -> None:
    (row,) = batch(manager, 1)
    holder = Holder(world.test_client(), row["code"])
    refused = holder.send(holder.open(), overall_service="9", comment="chọn nhầm mức")
    assert refused.status_code == 422
    assert "chọn nhầm mức" in refused.text
    assert f'action="/t/{row["code"]}' in refused.text
    assert RECORDED in holder.send(token_in(refused.text), overall_service="5").text
    assert len(stored()) == 1


def test_a_token_of_a_counter_or_of_another_ticket_opens_no_ticket(
    world: Flask, manager: FlaskClient, stored: Stored
) -> None:
    ticket, other = batch(manager, 2)
    client = world.test_client()
    foreign = token_in(client.get(f"/c/{MANY}").text)
    for token in (foreign, Holder(client, other["code"]).open(), "x"):
        assert Holder(client, ticket["code"]).send(token, overall_service="5").status_code == 422
    assert stored() == []


def test_an_unknown_code_and_a_closed_counter_are_told_kindly(world: Flask, manager: FlaskClient) -> None:
    client = world.test_client()
    for code in ("ABCDEFGHJKMN", "x"):
        assert client.get(f"/t/{code}").status_code == 404
        assert "Không tìm thấy mã này" in client.post(f"/t/{code}", data={}).text
    (row,) = batch(manager, 1, counter=CLOSED)
    closed = client.get(f"/t/{row['code']}")
    assert closed.status_code == 404
    assert "Quầy này hiện không nhận đánh giá." in closed.text


def test_only_who_answers_for_the_counter_makes_tickets_and_the_form_says_what_is_wrong(
    world: Flask, manager: FlaskClient, database: SQLAlchemy
) -> None:
    path = f"/desk/counters/{MANY}/tickets"
    assert signed_in(world, "can-bo", "officer").get(path).status_code == 403
    assert signed_in(world, "bv", "agency_manager", agency="bv-vung").get(path).status_code == 404
    assert "Mã một lần" in manager.get("/desk/counters").text
    owner = signed_in(world, "so-noi-vu", "method_owner", sector="administration")
    listed = owner.get("/desk/counters").text
    assert path in listed
    assert "/desk/counters/BV-1/tickets" not in listed
    fields = fields_of(open_page(manager, path), "count")
    refused = manager.post(path, data=fields | {"count": "5000"})
    assert refused.status_code == 422
    assert "Từ 1 đến 2000 mã mỗi lần." in refused.text
    assert list(database.session.scalars(select(Ticket))) == []


def test_opening_a_used_code_looks_like_opening_a_new_one(world: Flask, manager: FlaskClient) -> None:
    used, fresh = (Holder(world.test_client(), row["code"]) for row in batch(manager, 2))
    used.send(used.open(), overall_service="4")

    def shown(holder: Holder) -> tuple[int, str, list[tuple[str, str]]]:
        answer = holder.client.get(f"/t/{holder.code}")
        page = answer.text.replace(token_in(answer.text), "").replace(holder.code, "")
        return answer.status_code, page, sorted(item for item in answer.headers if item[0] != "X-Request-Id")

    assert shown(used)[:2] == shown(fresh)[:2]
    assert [name for name, _value in shown(used)[2]] == [name for name, _value in shown(fresh)[2]]


HALF = ({}, {"overall_service": "9"}, {"overall_service": ""}, {"comment": "x" * 5000}, {"token": "x"}, {"token": ""})


@pytest.mark.parametrize("fields", HALF, ids=str)
def test_half_a_form_sent_to_a_used_code_is_answered_like_one_sent_to_a_new_code(
    world: Flask, manager: FlaskClient, fields: dict[str, str]
) -> None:
    """A clerk has the list of codes and asks every minute which of them were used, without using any."""
    used, fresh = (Holder(world.test_client(), row["code"]) for row in batch(manager, 2))
    used.send(used.open(), overall_service="4")

    def answered(holder: Holder) -> tuple[int, str]:
        token = holder.open()
        answer = holder.send(**{"token": token} | fields)
        page = answer.text.replace(holder.code, "")
        return answer.status_code, re.sub(r'name="token" value="[^"]*"', "", page)

    assert answered(used) == answered(fresh)
    assert answered(fresh)[0] == 422


def test_a_retry_is_thanked_even_when_its_answer_has_been_erased_since(
    world: Flask, manager: FlaskClient, database: SQLAlchemy, stored: Stored
) -> None:
    (row,) = batch(manager, 1)
    holder = Holder(world.test_client(), row["code"])
    token = holder.open()
    holder.send(token, overall_service="4")
    (response,) = stored()
    database.session.rollback()
    mark = database.session.scalars(select(Ticket.used_mark)).one()
    assert str(response.id) not in str(mark)
    database.session.execute(text("DELETE FROM ratings"))
    database.session.execute(text("DELETE FROM responses"))
    database.session.commit()
    assert ALREADY in holder.send(token, overall_service="1").text
    assert stored() == []


def test_a_code_is_good_until_the_day_printed_beside_it_and_a_page_opened_before_is_not_taken_after(
    world: Flask, manager: FlaskClient, stored: Stored
) -> None:
    (row,) = batch(manager, 1)
    holder = Holder(world.test_client(), row["code"])
    end = start_of_day(dt.date.fromisoformat(row["expires"]) + dt.timedelta(days=1))
    with time_machine.travel(end - dt.timedelta(seconds=1), tick=False):
        token = holder.open()
    with time_machine.travel(end, tick=False):
        for answer in (holder.client.get(f"/t/{row['code']}"), holder.send(token, overall_service="4")):
            assert answer.status_code == 410
            assert "Mã này đã hết hạn" in answer.text
            assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    assert stored() == []


def test_codes_of_an_earlier_key_and_of_an_earlier_version_still_open(
    world: Flask, manager: FlaskClient, database: SQLAlchemy
) -> None:
    (row,) = batch(manager, 1)
    old = readable_code(12)
    with world.app_context(), writing() as session:
        ticket = session.scalars(select(Ticket)).one()
        shared = {"counter_id": ticket.counter_id, "made_at": now(), "expires_at": ticket.expires_at}
        session.add(Ticket(code_digest=digest(old), **shared))
    key = world.config["SECRET_KEY"]
    world.config.update(SECRET_KEY="another key entirely, of good length", SECRET_KEY_FALLBACKS=[key])
    for code in (row["code"], old):
        assert world.test_client().get(f"/t/{code}").status_code == 200
    world.config["SECRET_KEY_FALLBACKS"] = []
    assert world.test_client().get(f"/t/{row['code']}").status_code == 404


def test_who_guesses_codes_is_stopped_over_all_processes_and_others_are_not(
    world: Flask, manager: FlaskClient, settings: Settings
) -> None:
    (row,) = batch(manager, 1)

    def guess(app: Flask, address: str, path: str) -> int:
        return app.test_client().get(path, environ_base={"REMOTE_ADDR": address}).status_code

    with application(settings) as other:  # another process: nothing is shared but the database
        for number in range(UNKNOWN_CODES.most):
            path = f"/t/{readable_code(13)}" if number % 2 else f"/p/{readable_code(16)}"
            assert guess((world, other)[number % 2], "203.0.113.9", path) == 404
        for app in (world, other):
            assert guess(app, "203.0.113.9", f"/t/{readable_code(13)}") == 429
            assert guess(app, "203.0.113.9", f"/p/{readable_code(16)}") == 429
            assert guess(app, "203.0.113.10", f"/t/{row['code']}") == 200
    with time_machine.travel(now() + UNKNOWN_CODES.within + dt.timedelta(seconds=1), tick=False):
        assert guess(world, "203.0.113.9", f"/t/{row['code']}") == 200


def test_what_is_counted_holds_no_address(world: Flask, database: SQLAlchemy) -> None:
    world.test_client().get(f"/t/{readable_code(13)}", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    rows = database.session.execute(select(Attempts.key)).all()
    assert len(rows) == 1
    assert digest("203.0.113.9") not in str(rows)
    assert "203.0.113" not in str(rows)
