"""The token that Flask-WTF signs into every form of the desk: what it holds, and when its page was made."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from survey.foundation.clock import UTC

SALT = "wtf-csrf-token"  # Flask-WTF's own


class PageToken(NamedTuple):
    """`text`: what the session of the page held; `made`: when, to the second."""

    text: str
    made: dt.datetime


def page_token() -> PageToken | None:
    """The token of the form that this request sends, of whichever session; None: it has none that was signed here."""
    secret = current_app.config.get("WTF_CSRF_SECRET_KEY") or current_app.config["SECRET_KEY"]
    try:
        text, made = URLSafeTimedSerializer(secret, salt=SALT).loads(
            request.form.get("csrf_token", ""), return_timestamp=True
        )
    except BadData:
        return None
    return PageToken(str(text), made.astimezone(UTC))
