"""What came by telephone is entered by a clerk; the citizen reads the reply with the code of the slip."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.feedback.models import FeedbackCase
from tests.feedback.test_flow import answered, handed
from tests.feedback.test_kinds import only_case
from tests.registry.pages import fields_of, open_page
from tests.support.html import assert_valid_html
from tests.support.printed_codes import codes_drawn_on
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


def test_a_clerk_enters_a_call_once_and_its_reply_is_read_by_the_code_of_the_slip(
    world: Flask, database: SQLAlchemy
) -> None:
    clerk = signed_in(world, "can-bo", "officer", agency="bv-vung")
    fields = fields_of(open_page(clerk, "/desk/feedback/new"), "text")
    assert clerk.post("/desk/feedback/new", data=fields).status_code == 422
    said = fields | {"agency": "bv-vung", "sector": "health", "channel": "phone", "text": "Thiếu ghế ngồi"}
    slips = [clerk.post("/desk/feedback/new", data=said) for _twice in range(2)]
    assert_valid_html(slips[0].text, slips[0].headers["Content-Security-Policy"])
    codes = {code for slip in slips for code in re.findall(r"/p/([A-Z0-9]{16})<", slip.text)}
    assert len(codes) == 1
    address = f"{world.extensions['settings'].public_url}/p/{min(codes)}"
    assert [codes_drawn_on(slip.text) for slip in slips] == [[address], [address]]
    case = only_case(database)
    assert (case.channel, case.words, case.response_id) == ("phone", "Thiếu ghế ngồi", None)
    address = f"/desk/feedback/{case.id}"
    manager = signed_in(world, "benh-vien", "agency_manager", agency="bv-vung")
    assert manager.get(address).status_code == 404
    handed(signed_in(world, "so-y-te", "method_owner", sector="health"), address, "bv-vung")
    answered(manager, address, "Đã kê ghế.")
    assert "Đã kê ghế." in world.test_client().get(f"/p/{codes.pop()}").text


def test_going_back_and_writing_what_the_next_one_says_opens_another_case(world: Flask, database: SQLAlchemy) -> None:
    clerk = signed_in(world, "can-bo", "officer", agency="bv-vung")
    fields = fields_of(open_page(clerk, "/desk/feedback/new"), "text")
    said = fields | {"agency": "bv-vung", "sector": "health", "channel": "phone"}
    slips = [clerk.post("/desk/feedback/new", data=said | {"text": text}) for text in ("Thiếu ghế", "Mất sổ khám")]
    assert len({code for slip in slips for code in re.findall(r"/p/([A-Z0-9]{16})<", slip.text)}) == 2
    assert sorted(case.words for case in database.session.scalars(select(FeedbackCase))) == ["Mất sổ khám", "Thiếu ghế"]


def test_nobody_enters_anything_about_an_agency_of_others(world: Flask, database: SQLAlchemy) -> None:
    clerk = signed_in(world, "can-bo", "officer", agency="bv-vung")
    fields = fields_of(open_page(clerk, "/desk/feedback/new"), "text")
    foreign = fields | {"agency": "ubnd-ea-kao", "text": "Thiếu ghế", "sector": "administration", "channel": "paper"}
    assert clerk.post("/desk/feedback/new", data=foreign).status_code == 422
    assert signed_in(world, "thanh-tra", "auditor").get("/desk/feedback/new").status_code == 403
