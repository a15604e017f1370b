"""Printed addresses as people type them: with a slash, a full stop or a comma behind the code."""

from __future__ import annotations

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

PRINTED = ("/c/", "/t/", "/p/")
BEHIND = "/.,;: "
NO_CODE_ENDS_SO = (",", ";", ":", " ")


def init_printed(app: Flask) -> None:
    """Lead from what is no address to the one that was meant."""

    @app.before_request
    def mend_printed_address() -> Response | None:
        is_address = request.url_rule is not None and not request.path.endswith(NO_CODE_ENDS_SO)
        if is_address or not request.path.startswith(PRINTED):
            return None
        meant = request.path.rstrip(BEHIND)
        if meant == request.path or meant.count("/") != 2:
            return None
        query = request.query_string.decode("ascii", "replace")
        return redirect(f"{meant}?{query}" if query else meant, 308)
