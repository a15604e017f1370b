"""Mail by the standard library: TLS wherever the server offers it, and which refusals are worth another try."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app

TIMEOUT = 20  # seconds
ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\w-]+(\.[\w-]+)+")
NO_ADDRESS = 553  # as a mail server says of a mailbox's name (RFC 5321)


class _WholeSubjects(EmailPolicy):
    """Folds subjects by `email.header`, which keeps every blank.

    The folding of `email.policy` loses the blank where one encoded word ends and the next begins: "đã quá hạn" came as
    "đãquá hạn", depending on the length of what stood before it.
    """

    def fold(self, name: str, value: Any) -> str:
        """A header's lines."""
        return _subject(str(value)) if name.lower() == "subject" else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        return _subject(str(value)).encode("ascii") if name.lower() == "subject" else super().fold_binary(name, value)


POLICY = _WholeSubjects(linesep=SMTP.linesep)


def _subject(text: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    folded = Header(text, charset, header_name="Subject").encode(linesep=SMTP.linesep)
    return f"Subject: {folded}{SMTP.linesep}"


@dataclass(frozen=True)
class Server:
    """Where mail is handed in, and whom it comes from."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    sender: str


def server_from_settings() -> Server | None:
    """The server of SMTP_URL; None while it is not set: reports are then made and wait at the desk."""
    settings = current_app.extensions["settings"]
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    tls = parts.scheme == "smtps"
    host = parts.hostname or "localhost"
    return Server(
        host=host,
        port=parts.port or (465 if tls else 587),
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=settings.mail_from or f"hai-long@{host}",
    )


def is_address(text: str) -> bool:
    """Whether mail can go to this one address: nothing that `email` would read as two, or not be able to read."""
    return ADDRESS.fullmatch(text) is not None


def receiver(text: str) -> str:
    """An address as it was stored, to be written to.

    Raises:
        smtplib.SMTPRecipientsRefused: it is none, and would end a run of letters, or lead one to somebody else.
    """
    if not is_address(text):
        raise smtplib.SMTPRecipientsRefused({text: (NO_ADDRESS, b"not a mail address")})
    return text


def send(server: Server, message: EmailMessage) -> None:
    """Hand one message in.

    Raises:
        smtplib.SMTPException, OSError: the server is not there or refuses.
    """
    message.policy = POLICY
    connection: smtplib.SMTP
    if server.tls:
        trusted = ssl.create_default_context()
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=trusted)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    with connection:
        connection.ehlo()
        if not server.tls and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message)


def is_permanent(error: Exception) -> bool:
    """Whether the same message would be refused again: an address that does not exist, a message not wanted."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # an administrator mends the password; the reports should then go out
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def words(error: Exception) -> str:
    """The problem for the desk: the server's own words, which name no citizen."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(reason)}" for code, reason in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(reason: bytes | str) -> str:
    return reason.decode(errors="replace") if isinstance(reason, bytes) else reason
