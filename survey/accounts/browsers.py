"""Browsers in which an account was signed in before: whoever guesses from elsewhere cannot lock their owner out.

A signed cookie of the sign-in page alone; it signs nobody in (OWASP, "Slow Down Online Guessing Attacks with Device
Cookies").
"""

from __future__ import annotations

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from survey.foundation.identifiers import secret_key
from survey.foundation.security.keyed import all_keys

COOKIE = "hai_long_browser"
KEPT_FOR = 180 * 24 * 3600  # seconds
MOST = 10  # accounts that are known at one browser


def known_browser(user_id: int | None) -> str | None:
    """What tells this browser apart, if the account was signed in here before."""
    return _names_here().get(user_id)


def remember_browser(answer: Response, user_id: int) -> None:
    """Know this browser again at the account's next sign-in, and at those of colleagues who share it."""
    before = _names_here()
    latest = {user_id: before.get(user_id) or secret_key()} | {
        owner: name for owner, name in before.items() if owner != user_id
    }
    answer.set_cookie(
        _cookie(),
        _serializer().dumps(list(latest.items())[:MOST]),
        max_age=KEPT_FOR,
        path="/login",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Strict",
    )


def _names_here() -> dict[int | None, str]:
    """What tells this browser apart for each account that was signed in here, the latest first."""
    try:
        held = _serializer().loads(request.cookies.get(_cookie(), ""))
    except BadData:
        return {}
    match held:
        case [int(owner), str(name)]:  # of one account, as before 0.2
            return {owner: name}
        case [*pairs]:
            return dict(pairs)
    return {}


def _cookie() -> str:
    """Its name: over HTTPS one that browsers take from a secure page alone."""
    return f"__Secure-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(all_keys())], salt="known browser")
