"""Every page under /desk needs a signed-in user: decided once, by address, so a new page is protected from birth."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

DESK = "/desk"


def is_desk(path: str) -> bool:
    """Whether an address belongs to the desk."""
    return path == DESK or path.startswith(f"{DESK}/")


def safe_next(target: str | None) -> str:
    """Where to go after signing in: an address of this site's desk, otherwise the desk's first page."""
    if not target or not target.isprintable() or "\\" in target:
        return f"{DESK}/"
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and is_desk(parts.path)
    return target if inside else f"{DESK}/"


def init_guard(app: Flask) -> None:
    """Send whoever is not signed in from the desk to the sign-in page, and back afterwards."""

    @app.before_request
    def protect_desk() -> Response | None:
        if not is_desk(request.path) or current_user.is_authenticated:
            return None
        asked = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("staff.login", next=asked))
