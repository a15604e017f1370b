"""Security headers of every answer, error pages included."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from flask import Flask, Response, g

from survey.foundation.configuration.settings import Settings

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "media-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def style_hash(css: str) -> str:
    """The CSP source that allows exactly this inline style sheet."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode() + "'"


def allow_inline_style(source: str) -> None:
    """Let this answer carry the inline style whose `style_hash` is given."""
    g.setdefault("inline_styles", []).append(source)


def content_security_policy() -> str:
    """The policy of the answer being made; never 'unsafe-inline'."""
    return _policy(tuple(g.get("inline_styles", ())))


@lru_cache(500)
def _policy(inline_styles: tuple[str, ...]) -> str:
    policy = dict(POLICY)
    policy["style-src"] = " ".join([policy["style-src"], *inline_styles])
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def init_headers(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer; pages are not cached unless a view says otherwise."""
    always = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]
    if settings.is_https:
        always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    @app.after_request
    def add_headers(response: Response) -> Response:
        # One look at what a view has set: `setdefault` goes through all of them twice for each.
        given = {name.lower() for name, _value in response.headers}
        for name, value in (("Content-Security-Policy", content_security_policy()), *always):
            if name.lower() not in given:
                response.headers.add(name, value)
        return response
