"""Printed addresses as people type them: with a slash, a full stop or a comma behind the code."""

from __future__ import annotations

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

PRINTED = ("/c/", "/t/", "/p/")
BEHIND = "/.,;: "


def init_printed(app: Flask) -> None:
    """Lead from what is no address to the one that was meant."""

    @app.before_request
    def mend_printed_address() -> Response | None:
        if request.url_rule is not None or not request.path.startswith(PRINTED):
            return None
        meant = request.path.rstrip(BEHIND)
        if meant == request.path or meant.count("/") != 2:
            return None
        query = request.query_string.decode("ascii", "replace")
        return redirect(f"{meant}?{query}" if query else meant, 308)
