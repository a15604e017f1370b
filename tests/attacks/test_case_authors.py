"""Who wrote a case is found neither by thieves of a backup nor by clerks: no contact, no order, no minute."""

from __future__ import annotations

import base64
import json
import re
import struct
from typing import Any

import pytest
import time_machine
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from sqlalchemy import inspect, text

from kiosk import pairing
from survey.feedback.codes import mark_of
from survey.feedback.follow.contacts import leave_contact
from survey.feedback.models import FeedbackCase
from survey.foundation.security.keyed import derived_key
from survey.foundation.storage.database import db
from tests.attacks.test_complaints import database_url, settings
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.feedback.test_following import code_in
from tests.kiosk.conftest import answer
from tests.support.device_keys import DeviceKeys, queue_file_of
from tests.support.staff import signed_in

__all__ = ["database_url", "settings"]
PHONES = [f"09123456{number:02d}" for number in range(8)]


def stolen(app: Flask) -> str:
    """Every row of every table, as a thief of a backup has them."""
    with app.app_context():
        names = inspect(db.engine).get_table_names()
        return "\n".join(str(list(db.session.execute(text(f'SELECT * FROM "{name}"')))) for name in names)


def written(app: Flask) -> list[str]:
    """Eight citizens, a minute apart, each with a contact and a verdict; their codes, in the order they came."""
    codes = []
    for number, phone in enumerate(PHONES):
        with time_machine.travel(f"2026-11-20T05:{10 + number}:23+00:00", tick=False):
            citizen = Visitor(app.test_client(), HEALTH)
            sent = citizen.send(citizen.open(), overall_health="1", comment=f"Thiếu ghế {number}", reply="1")
            codes.append(code_in(sent))
            data = {"contact": phone, "consent": "1"}
            assert citizen.client.post(f"/p/{codes[-1]}/contact", data=data).status_code == 303
    return codes


def test_a_thief_of_a_backup_reads_no_contact_and_no_code_and_no_key_of_theirs_opens_one(app: Flask) -> None:
    codes, rows = written(app), stolen(app)
    for secret in (*PHONES, *codes):
        assert secret not in rows
    with app.app_context():
        sealed = [row[0] for row in db.session.execute(text("SELECT sealed FROM feedback_contacts"))]
        for guess in ("", "feedback contact", "hai-long"):
            key = Fernet(base64.urlsafe_b64encode(derived_key(guess, "seal feedback contact")))
            with pytest.raises(InvalidToken):
                key.decrypt(sealed[0].encode())


def test_no_time_that_is_kept_of_what_a_citizen_did_tells_the_minute(app: Flask) -> None:
    written(app)
    with app.app_context():
        sealed = [row[0] for row in db.session.execute(text("SELECT sealed FROM feedback_contacts"))]
        seconds = {struct.unpack(">Q", base64.urlsafe_b64decode(token)[1:9])[0] % 3600 for token in sealed}
        assert seconds == {0}, "the time that stands openly in a sealed text"
        cases = db.session.query(FeedbackCase).all()
        assert {case.opened_at.minute for case in cases} == {0}
    assert "05:1" not in stolen(app)


def test_neither_numbers_nor_the_order_of_rows_nor_of_the_list_are_the_order_in_which_they_came(app: Flask) -> None:
    codes = written(app)
    with app.app_context():
        came = [f"Thiếu ghế {number}" for number in range(len(codes))]
        by_number = [case.words for case in db.session.query(FeedbackCase).order_by(FeedbackCase.id)]
        assert sorted(by_number) == came
        assert by_number != came, "a chance of 1 in 40320"
        leave_contact(db.session.query(FeedbackCase.id).first()[0], PHONES[0])


KIOSK_CODES = ["ABCDEFGHJKMNPQRS", "TUVWXYZ23456789A", "BCDEFGHJKMNPQRST", "UVWXYZ23456789AB", "CDEFGHJKMNPQRSTU"]


def written_at_kiosk(app: Flask) -> tuple[DeviceKeys, str, list[dict[str, Any]]]:
    """Five visitors of one kiosk, a minute apart, each with a code on the screen; what the device keeps of them."""
    keys, given = DeviceKeys(), []
    with time_machine.travel("2026-11-20T04:00:00+00:00", tick=False), app.app_context():
        paired = pairing.pair(pairing.issue_code(HEALTH), None, keys.public)
    for number, code in enumerate(KIOSK_CODES):
        with time_machine.travel(f"2026-11-20T05:{10 + number}:23+00:00", tick=False):
            about = {"questionnaire": "health", "counter": HEALTH, "answers": {"overall_health": 1}}
            given.append(answer(comment=f"Thiếu ghế {number}", reply=mark_of(code), **about))
    headers = {"Authorization": f"Bearer {paired.key}"}
    with time_machine.travel("2026-11-20T06:00:00+00:00", tick=False):
        sent = app.test_client().post("/kiosk/api/responses", json={"responses": given}, headers=headers)
    assert [result["status"] for result in sent.get_json()["results"]] == ["stored"] * len(given), sent.text
    return keys, str(paired.device_id), given


def test_a_thief_of_backup_queue_file_and_disk_opens_no_page_of_who_wrote_at_a_kiosk(app: Flask) -> None:
    keys, device, given = written_at_kiosk(app)
    kept = stolen(app) + queue_file_of(device, keys, given).decode() + json.dumps(given)
    visitor = app.test_client()
    for code in KIOSK_CODES:
        assert code not in kept
        assert visitor.get(f"/p/{code}").status_code == 200
    marks = [line["reply"] for line in given]
    with app.app_context():
        digests = [row[0] for row in db.session.execute(text("SELECT code_digest FROM feedback_cases"))]
    assert not set(marks) & set(digests), "what the device keeps is what the server keeps"
    stranger = app.test_client()
    for guess in (*marks, *digests, *(mark[:16].upper() for mark in marks), *(line["id"] for line in given)):
        assert stranger.get(f"/p/{guess}").status_code in (404, 429), guess


def test_no_list_of_codes_leads_to_visitors_of_a_kiosk_and_a_clerk_reads_no_code_and_no_minute(app: Flask) -> None:
    written_at_kiosk(app)
    with app.app_context():
        cases = db.session.query(FeedbackCase).order_by(FeedbackCase.id).all()
        assert {(case.opened_at.minute, case.opened_by_id, case.shares_rating) for case in cases} == {(0, None, False)}
        assert "05:1" not in stolen(app)
        numbers = [case.id for case in cases]
    clerk = signed_in(app, "so-y-te", "method_owner", sector="health")
    own = signed_in(app, "bv", "agency_manager", agency="bv-vung")
    read = clerk.get("/desk/feedback").text
    for number in numbers:
        read += clerk.get(f"/desk/feedback/{number}").text
        assert own.get(f"/desk/feedback/{number}").status_code == 404
    plain = re.sub(r"[^0-9A-Z]", "", read.upper())
    for code in KIOSK_CODES:
        assert code not in plain
        assert mark_of(code).upper() not in plain
    assert not re.search(r"\b(?:05|12):1[0-4]\b", read)
