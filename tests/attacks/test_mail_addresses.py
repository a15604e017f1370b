"""What was tried with mail addresses and names in mails: two receivers in one, own headers, and a run ended."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from survey.accounts.models import User
from survey.foundation import mail
from survey.foundation.storage.database import db
from tests.registry.pages import fields_of, open_page
from tests.support.staff import signed_in

PAGE = "/desk/users/dak-lak/"
# Each is read by `email` as more than one address or as none, or ends it with an error of no kind that anybody awaits.
NONE = [
    "<",
    '"',
    "a@[1",
    '".b@c.vn',
    ".:",
    " .>",
    ":;:",
    "a@b.vn, khac@noi-khac.vn",
    "a@b.vn;c@d.vn",
    "A <a@b.vn>",
    "a@b",
]
LIKELY = st.from_regex(r"\A[\w.@,;:<>()\[\]\"\\ =?%&'+-]{1,12}@?[\w.@\[-]{0,6}\.?[\w]{0,3}\Z")


@given(LIKELY)
@example("phong-nvy@so.tinh.gov.vn")
def test_what_is_an_address_is_one_receiver(text: str) -> None:
    if not mail.is_address(text):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            mail.receiver(text)
        return
    message = EmailMessage()
    message["To"] = mail.receiver(text)
    assert [address.addr_spec for address in message["To"].addresses] == [text]


@pytest.mark.parametrize("text", NONE)
def test_no_account_is_made_with_what_is_none(app: Flask, text: str) -> None:
    administrator = signed_in(app, "quan-tri", "administrator")
    sent = fields_of(open_page(administrator, PAGE), "email") | {"username": "moi", "name": "Mới", "email": text}
    assert administrator.post(PAGE, data=sent).status_code == 422
    with app.app_context():
        assert db.session.query(User).filter_by(username="moi").count() == 0


def test_a_name_of_several_lines_is_one_line(app: Flask) -> None:
    administrator = signed_in(app, "quan-tri", "administrator")
    names = {"username": "moi\r\nBcc: a@b.vn", "name": "Mới\r\n\u2028Bcc: a@b.vn", "email": " moi@tinh.gov.vn "}
    answer = administrator.post(PAGE, data=fields_of(open_page(administrator, PAGE), "email") | names)
    assert answer.status_code == 200
    with app.app_context():
        made = db.session.query(User).order_by(User.id.desc()).first()
        assert made is not None
        assert not any(len(text.splitlines()) > 1 for text in (made.username, made.name))
        assert made.email == "moi@tinh.gov.vn"
