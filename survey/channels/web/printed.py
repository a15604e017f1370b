"""Printed addresses as people type them and chats cut them out: capitals, signs behind the code, dashes in it."""

from __future__ import annotations

from flask import Flask, redirect
from werkzeug.wrappers import Response

from survey.foundation.identifiers import cut_out
from survey.foundation.this_app import this_request

PRINTED = ("/c/", "/t/", "/p/")


def init_printed(app: Flask) -> None:
    """Lead from what is no address to the one that was meant."""

    @app.before_request
    def mend_printed_address() -> Response | None:
        asked = this_request()
        path = asked.path[:3].lower() + asked.path[3:]
        if not path.startswith(PRINTED):
            return None
        meant = cut_out(path)
        # A code may end with a full stop: where no more stands behind it, the code is looked for as it is.
        is_address = asked.url_rule is not None and asked.path.rstrip(".") == meant
        if is_address or meant == asked.path or meant.count("/") != 2:
            return None
        query = asked.query_string.decode("ascii", "replace")
        return redirect(f"{meant}?{query}" if query else meant, 308)
