"""Browsers in which an account was signed in before: whoever guesses from elsewhere cannot lock their owner out.

A signed cookie of the sign-in page alone; it signs nobody in (OWASP, "Slow Down Online Guessing Attacks with Device
Cookies").
"""

from __future__ import annotations

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from survey.foundation.identifiers import secret_key
from survey.foundation.keyed import all_keys

COOKIE = "hai_long_browser"
KEPT_FOR = 180 * 24 * 3600  # seconds


def known_browser(user_id: int | None) -> str | None:
    """What tells this browser apart, if the account was signed in here before."""
    try:
        held = _serializer().loads(request.cookies.get(_cookie(), ""))
    except BadData:
        return None
    match held:
        case [int(owner), str(name)] if owner == user_id:
            return name
    return None


def remember_browser(answer: Response, user_id: int) -> None:
    """Know this browser again at the account's next sign-in."""
    name = known_browser(user_id) or secret_key()
    answer.set_cookie(
        _cookie(),
        _serializer().dumps([user_id, name]),
        max_age=KEPT_FOR,
        path="/login",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Strict",
    )


def _cookie() -> str:
    """Its name: over HTTPS one that browsers take from a secure page alone."""
    return f"__Secure-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(all_keys())], salt="known browser")
