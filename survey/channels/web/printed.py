"""Printed addresses as people type them and chats cut them out: with signs behind the code, and dashes in it."""

from __future__ import annotations

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from survey.foundation.identifiers import cut_out

PRINTED = ("/c/", "/t/", "/p/")


def init_printed(app: Flask) -> None:
    """Lead from what is no address to the one that was meant."""

    @app.before_request
    def mend_printed_address() -> Response | None:
        if not request.path.startswith(PRINTED):
            return None
        meant = cut_out(request.path)
        # A code may end with a full stop: where no more stands behind it, the code is looked for as it is.
        is_address = request.url_rule is not None and request.path.rstrip(".") == meant
        if is_address or meant == request.path or meant.count("/") != 2:
            return None
        query = request.query_string.decode("ascii", "replace")
        return redirect(f"{meant}?{query}" if query else meant, 308)
