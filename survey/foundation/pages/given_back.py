"""What somebody wrote in a form stands on the error page again, ready to be sent once more."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import request

# Forms with passwords and codes are typed again. Told by their place: a questionnaire may call a question `opinion`,
# `passport` or `new`.
PRIVATE = ("/login", "/invitation/", "/desk/account/")


@dataclass(frozen=True)
class WordsGiven:
    """The fields of a form as they were sent, and where to.

    `may_repeat`: sending them again as they are may help. `had_file`: a file must be chosen again.
    """

    action: str
    hidden: tuple[tuple[str, str], ...]
    shown: tuple[tuple[str, str], ...]
    may_repeat: bool
    had_file: bool


def words_given(code: int) -> WordsGiven | None:
    """What the request that failed with this status brought; None where it was asked wrongly."""
    may_repeat = code >= HTTPStatus.INTERNAL_SERVER_ERROR or code == HTTPStatus.TOO_MANY_REQUESTS
    if request.method != "POST" or not (may_repeat or code == HTTPStatus.CONFLICT) or request.path.startswith(PRIVATE):
        return None
    try:
        fields = [(name, str(value)) for name, value in request.form.items(multi=True)]
        had_file = any(file.filename for file in request.files.values())
    except Exception:  # noqa: BLE001 - what cannot be read cannot be given back; the page is still owed
        return None
    if not fields:
        return None
    shown = tuple(pair for pair in fields if _is_prose(pair[1]))
    hidden = tuple(pair for pair in fields if not _is_prose(pair[1]))
    return WordsGiven(request.full_path.rstrip("?"), hidden, shown, may_repeat, had_file)


def _is_prose(value: str) -> bool:
    return " " in value.strip() or "\n" in value.strip()
