"""Inviting by mail: a link, good once and for a week, at which somebody sets the first password; no password is mailed.

The link names the account and what stands for its password until then: set, or invited again, the link is worth
nothing.
"""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from flask import current_app
from flask_babel import gettext as _

from survey.accounts.models import User
from survey.accounts.passwords import NONE_YET
from survey.foundation import mail
from survey.foundation.changes import audit
from survey.foundation.identifiers import digest
from survey.foundation.security.sealed import seal, unseal
from survey.foundation.storage.database import db, writing

PURPOSE, DAYS = "invitation by mail", 7


def are_possible() -> bool:
    """Whether mail is set up."""
    return mail.server_from_settings() is not None


def send(user_id: int, province_id: int | None) -> str | None:
    """Mail the link to an account without a password; gives the problem in words if the server did not take it.

    What was sent leaves a trace.
    """
    user, server = db.session.get_one(User, user_id), mail.server_from_settings()
    assert server is not None, "asked before: are_possible"
    address = user.email
    try:
        mail.send(server, _letter(server, user))
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a user name of several lines
        return mail.words(error)
    _note(user_id, address, province_id)
    return None


def who_was_invited(token: str) -> User | None:
    """The account of a link; None once its password is set, another link was sent, or a week is over."""
    user_id, _slash, mark = (unseal(PURPOSE, token, DAYS * 24 * 3600) or "").partition("/")
    user = db.session.get(User, int(user_id)) if user_id else None
    return user if user is not None and _waits_for(user, mark) else None


def link(user: User) -> str:
    """Where the first password is set."""
    token = seal(PURPOSE, f"{user.id}/{_mark(user)}")
    return f"{current_app.extensions['settings'].public_url}/invitation/{token}"


def _waits_for(user: User, mark: str) -> bool:
    return user.active and user.password_hash.startswith(NONE_YET) and mark == _mark(user)


def _mark(user: User) -> str:
    return digest(user.password_hash)[:32]


def _note(user_id: int, address: str, province_id: int | None) -> None:
    with writing() as session:
        audit.record(session, "invite", "user", user_id, province_id=province_id, after={"email": address})


def _letter(server: mail.Server, user: User) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = server.sender, mail.receiver(user.email)
    message["Subject"] = _("Hài lòng: mời đặt mật khẩu cho tài khoản %(name)s", name=user.username)
    lines = [
        _("Kính gửi %(name)s,", name=user.name),
        "",
        _("Ông/Bà có tài khoản “%(name)s” ở hệ thống Hài lòng. Xin đặt mật khẩu tại:", name=user.username),
        link(user),
        "",
        _("Liên kết dùng được một lần, trong %(n)s ngày. Hết hạn thì nhờ quản trị viên gửi lại.", n=DAYS),
        _("Không ai hỏi mật khẩu của Ông/Bà qua thư. Nếu thư này đến nhầm, xin bỏ qua."),
        "",
    ]
    message.set_content("\n".join(lines))
    return message
