"""Security headers of every answer, error pages included."""

from __future__ import annotations

import base64
import hashlib

from flask import Flask, Response, g

from survey.foundation.settings import Settings

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
    policy = dict(POLICY)
    policy["style-src"] = " ".join([policy["style-src"], *g.get("inline_styles", [])])
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def init_headers(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer; pages are not cached unless a view says otherwise."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", content_security_policy())
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
