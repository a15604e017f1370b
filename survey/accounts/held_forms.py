"""What an official was writing when the session ended: held in the sign-in page, sealed, and given back afterwards.

Nothing is kept on the server. Only a form that came from a page of ours is held: another site's would otherwise have a
signed-in official send it with a press of a button. It is given back to the account that wrote it alone: the next to
sign in at a shared computer may be somebody else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request, session

from survey.foundation.identifiers import secret_key
from survey.foundation.pages.page_tokens import page_token
from survey.foundation.security.sealed import seal, unseal

PURPOSE = "held form of an account"
KEPT_FOR = 12 * 3600  # seconds
MOST = 400_000  # characters; sealed, it must fit into a form again
OURS = frozenset({"csrf_token", "held"})
PRIVATE = "/desk/account"  # passwords and codes are typed again
TOKEN = "csrf_token"  # as Flask-WTF keeps it in the session, and signed in each form


@dataclass(frozen=True)
class HeldForm:
    """A form as it was sent. `written`: what a person sees of it; `had_file`: a file must be chosen again."""

    address: str
    fields: list[tuple[str, str]]
    had_file: bool

    @property
    def written(self) -> list[str]:
        """Every text of more than a word or two, or all there is."""
        texts = [value.strip() for _name, value in self.fields if value.strip()]
        return [text for text in texts if " " in text] or texts


def sign_pages_for(user_id: int) -> None:
    """Have each form of this session tell whose page it is on, however the session ends."""
    if TOKEN not in session:
        session[TOKEN] = f"{user_id}.{secret_key()}"


def hold() -> str:
    """The form of this request, sealed; '' where there is nothing to hold."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]
    too_much = sum(len(value) for _name, value in fields) > MOST
    if request.method != "POST" or not fields or too_much or request.path.startswith(PRIVATE):
        return ""
    address = request.full_path.rstrip("?")
    return seal(PURPOSE, json.dumps([address, fields, bool(request.files), _writer()]))


def release(sealed: str | None, user_id: int) -> HeldForm | None:
    """A form that was held here within half a day, unless another account wrote it."""
    opened = unseal(PURPOSE, sealed, KEPT_FOR) if sealed else None
    if opened is None:
        return None
    address, fields, had_file, writer = json.loads(opened)
    if writer not in (None, user_id):
        return None
    return HeldForm(address, [(name, value) for name, value in fields], had_file)


def is_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this request."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site != "same-origin"
    return origin is not None and not _is_ours(origin)


def is_from_here() -> bool:
    """Whether the browser says that a page of ours sent this request."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    return site == "same-origin" if site is not None else origin is not None and _is_ours(origin)


def _writer() -> int | None:
    """On whose page the form stood, by its token or by the session that is over; None: neither tells."""
    written_on = page_token()
    return _owner_in(written_on.text if written_on else session.get(TOKEN))


def _owner_in(token: object) -> int | None:
    owner = str(token or "").partition(".")[0]
    return int(owner) if owner.isascii() and owner.isdigit() and "." in str(token) else None


def _is_ours(origin: str) -> bool:
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (request.scheme, request.host)
