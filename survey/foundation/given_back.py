"""What somebody wrote in a form stands on the error page again, ready to be sent once more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from flask import request

LONG = 60  # characters from which a value is shown, to be read and copied; shorter ones go along unseen
SECRET = re.compile("pass|secret|otp|pin|current|repeat")  # a form with such a field is never repeated


@dataclass(frozen=True)
class WordsGiven:
    """The fields of a form as they were sent, and where to. `may_repeat`: sending them again as they are may help."""

    action: str
    hidden: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str], ...]
    may_repeat: bool


def words_given(code: int) -> WordsGiven | None:
    """What the request that failed with this status brought; None where it was asked wrongly."""
    may_repeat = code >= HTTPStatus.INTERNAL_SERVER_ERROR
    if request.method != "POST" or not (may_repeat or code == HTTPStatus.CONFLICT):
        return None
    try:
        fields = [(name, str(value)) for name, value in request.form.items(multi=True)]
    except Exception:  # noqa: BLE001 - what cannot be read cannot be given back; the page is still owed
        return None
    if request.files or not fields or any(SECRET.search(name) for name, _value in fields):
        return None
    shown = tuple(pair for pair in fields if _is_prose(pair[1]))
    hidden = tuple(pair for pair in fields if not _is_prose(pair[1]))
    return WordsGiven(request.full_path.rstrip("?"), hidden, shown, may_repeat)


def _is_prose(value: str) -> bool:
    return " " in value.strip() or "\n" in value.strip()
