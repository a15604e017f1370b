"""Passwords: hashed with Argon2id (RFC 9106, second recommended option), never kept or logged."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from survey.accounts.common_passwords import is_common
from survey.foundation.text.vietnamese import fold
from survey.foundation.text.vietnamese_text import normal

SHORTEST = 10
LONGEST = 128
SHORTEST_NAME = 4  # letters of a user name that a password must not hold in any writing

NONE_YET = "none yet: "
AT_ONCE = 2  # hashes a process makes at a time: each takes 64 MiB and a tenth of a second of a processor
PATIENCE = 10.0  # seconds to wait for one's turn

_turns = BoundedSemaphore(AT_ONCE)
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


class WeakPassword(ValueError):
    """The password is refused; the message says in Vietnamese what to change."""


def no_password() -> str:
    """What stands for the password of an account that has none yet: no password fits it, and no two are the same."""
    return f"{NONE_YET}{secrets.token_hex(16)}"


def hash_password(password: str) -> str:
    """The Argon2id hash to store, parameters and salt included."""
    with _turn():
        return _hasher.hash(normal(password))


def verify_password(stored_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash; None stands for an account that does not exist and takes as long.

    So does one that has no password yet (`no_password`).

    However a keyboard sends it, composed or not: it is one password. Hashes made before that was so still fit.
    """
    if stored_hash is not None and stored_hash.startswith(NONE_YET):
        stored_hash = None
    kept = stored_hash or _nobody()
    typed = password[: LONGEST + 1]
    composed = normal(typed)
    forms = dict.fromkeys((composed, typed, unicodedata.normalize("NFD", composed)))
    return any(_fits(kept, form) for form in forms) and stored_hash is not None


def _fits(kept: str, password: str) -> bool:
    try:
        with _turn():
            return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored_hash)


def check_strength(password: str, username: str) -> None:
    """Refuse what is quickly guessed.

    Raises:
        WeakPassword: shorter than 10 or longer than 128 characters, holds the user name, uses under 5 characters, or is
            a common one, also with digits and signs around it.
    """
    password = normal(password)
    if len(password) < SHORTEST:
        raise WeakPassword(_("Mật khẩu cần ít nhất %(n)s ký tự.", n=SHORTEST))
    if len(password) > LONGEST:
        raise WeakPassword(_("Mật khẩu dài nhất %(n)s ký tự.", n=LONGEST))
    if username and (username.casefold() in password.casefold() or _holds(password, username)):
        raise WeakPassword(_("Mật khẩu không được chứa tên đăng nhập."))
    if len(set(password)) < 5:
        raise WeakPassword(_("Mật khẩu quá dễ đoán: cần ít nhất 5 ký tự khác nhau."))
    if is_common(password):
        raise WeakPassword(_("Mật khẩu này quá phổ biến nên bị đoán đầu tiên. Hãy chọn một câu dài của riêng mình."))


def _holds(password: str, username: str) -> bool:
    """Whether the user name stands in it with other marks, spaces or signs."""
    typed, name = (re.sub(r"[\W_]", "", fold(text)) for text in (password, username))
    return len(name) >= SHORTEST_NAME and name in typed


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few hashes at a time: a crowd of guesses waits and takes no more memory.

    Raises:
        ServiceUnavailable: no turn came.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise ServiceUnavailable
    try:
        yield
    finally:
        _turns.release()


@cache
def _nobody() -> str:
    return _hasher.hash("the account that nobody has")
