"""Passwords: hashed with Argon2id (RFC 9106, second recommended option), never kept or logged."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from flask_babel import gettext as _

SHORTEST = 10
LONGEST = 128

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


class WeakPassword(ValueError):
    """The password is refused; the message says in Vietnamese what to change."""


def hash_password(password: str) -> str:
    """The Argon2id hash to store, parameters and salt included."""
    return _hasher.hash(password)


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash; None stands for an account that does not exist and takes as long."""
    try:
        _hasher.verify(stored_hash or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def needs_rehash(stored_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored_hash)


def check_strength(password: str, username: str) -> None:
    """Refuse what is quickly guessed.

    Raises:
        WeakPassword: shorter than 10 or longer than 128 characters, holds the user name, or uses under 5 characters.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(_("Mật khẩu cần ít nhất %(n)s ký tự.", n=SHORTEST))
    if len(password) > LONGEST:
        raise WeakPassword(_("Mật khẩu dài nhất %(n)s ký tự.", n=LONGEST))
    if username and username.casefold() in password.casefold():
        raise WeakPassword(_("Mật khẩu không được chứa tên đăng nhập."))
    if len(set(password)) < 5:
        raise WeakPassword(_("Mật khẩu quá dễ đoán: cần ít nhất 5 ký tự khác nhau."))


@cache
def _nobody() -> str:
    return _hasher.hash("the account that nobody has")
