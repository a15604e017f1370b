"""Who gets an account is invited by mail where mail is set: a link, good once and for a week, and no password in it."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.accounts.authentication import check_credentials
from survey.accounts.models import User
from survey.foundation import mail
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.configuration.settings import Settings
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.staff import signed_in

ADDRESS, PASSWORD = "moi@syt.tinh.gov.vn", "một câu dài dễ nhớ của tôi"
USERS = "/desk/users/dak-lak/"
FILE = "username;name;province;email\nmoi;Người mới;dak-lak;moi@syt.tinh.gov.vn\nkhong-thu;Không thư;dak-lak;\n"
Letters = list[EmailMessage]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Mail is set up."""
    return settings.but(smtp_url="smtp://mail.example.org", public_url="https://hailong.example.org")


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    """What was handed to the mail server."""
    sent: Letters = []
    monkeypatch.setattr(mail, "send", lambda _server, message: sent.append(message))
    return sent


@pytest.fixture
def made(app: Flask, letters: Letters) -> str:
    """The page that follows making an account with an address."""
    client = signed_in(app, "quan-tri", "administrator")
    fields = fields_of(open_page(client, USERS), "username")
    return client.post(USERS, data=fields | {"username": "moi", "name": "Người mới", "email": ADDRESS}).text


def link_in(letter: EmailMessage) -> str:
    match = re.search(r"https://hailong\.example\.org(/invitation/\S+)", str(letter.get_content()))
    assert match
    return match[1]


def set_by(client: FlaskClient, link: str, password: str = PASSWORD) -> int:
    fields = fields_of(open_page(client, link), "new")
    return client.post(link, data=fields | {"new": password, "again": password}).status_code


def test_a_link_comes_by_mail_sets_the_password_once_and_no_password_was_shown(
    client: FlaskClient, database: SQLAlchemy, made: str, letters: Letters
) -> None:
    assert f"Đã gửi tới {ADDRESS} liên kết" in text_of(made)
    assert "Mật khẩu đầu tiên" not in made
    (letter,) = letters
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "Hài lòng: mời đặt mật khẩu cho tài khoản moi")
    link = link_in(letter)
    assert set_by(client, link, "moi-1234567") == 422
    assert set_by(client, link) == 200
    with client.application.test_request_context():
        assert check_credentials("moi", PASSWORD) is not None
    assert client.get(link).status_code == 410
    actions = database.session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "user")).all()
    assert [action for action in actions if action in ("invite", "set_password")] == ["invite", "set_password"]


@pytest.mark.usefixtures("made")
def test_a_link_is_worth_nothing_after_a_week_or_a_change_of_a_letter(client: FlaskClient, letters: Letters) -> None:
    link = link_in(letters[0])
    assert client.get(link[:-3] + "AAA").status_code == 410
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=7, minutes=1)):
        assert client.get(link).status_code == 410
    assert client.get(link).status_code == 200


@pytest.mark.usefixtures("made")
def test_another_invitation_ends_the_one_before(
    app: Flask, client: FlaskClient, database: SQLAlchemy, letters: Letters
) -> None:
    user_id = database.session.scalar(select(User.id).where(User.username == "moi"))
    administrator = signed_in(app, "quan-tri-hai", "administrator")
    token = fields_of(open_page(administrator, f"{USERS}{user_id}"), "role")["csrf_token"]
    assert administrator.post(f"{USERS}{user_id}/invitation", data={"csrf_token": token}).status_code == 200
    assert [client.get(link_in(letter)).status_code for letter in letters] == [410, 200]


@pytest.mark.usefixtures("letters")
def test_nobody_signs_in_to_an_account_that_has_no_password_yet(app: Flask, database: SQLAlchemy, made: str) -> None:
    stored = database.session.scalar(select(User.password_hash).where(User.username == "moi"))
    assert stored is not None
    with app.test_request_context():
        assert check_credentials("moi", stored) is None


def test_where_the_server_refuses_the_letter_a_first_password_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "send", _refuse)
    client = signed_in(app, "quan-tri", "administrator")
    fields = fields_of(open_page(client, USERS), "username")
    page = text_of(client.post(USERS, data=fields | {"username": "moi", "name": "Người mới", "email": ADDRESS}).text)
    assert "Không gửi được thư mời: 550 không nhận" in page
    assert re.search(r"chỉ hiện một lần này: \S+-\S+-\S+", page)


def _refuse(_server: mail.Server, _message: EmailMessage) -> None:
    raise smtplib.SMTPDataError(550, "không nhận".encode())


def test_a_file_of_accounts_invites_whom_it_can_and_tells_the_others_passwords(
    runner: FlaskCliRunner, tmp_path: Path, letters: Letters
) -> None:
    file = tmp_path / "tai-khoan.csv"
    file.write_text(FILE, encoding="utf-8")
    said = runner.invoke(args=["survey", "import", "--kind", "accounts", str(file)])
    assert said.exit_code == 0, said.stderr
    assert "Đã gửi thư mời đặt mật khẩu tới 1 tài khoản: moi." in said.stdout
    assert "khong-thu\t" in said.stdout
    assert "moi\t" not in said.stdout
    assert [letter["To"] for letter in letters] == [ADDRESS]
