"""Structured logs: one JSON object a line, with a request id and nothing about the person who asked."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from survey.foundation.clock import now
from survey.foundation.configuration.settings import Settings
from survey.foundation.identifiers import new_id
from survey.foundation.this_app import this_context, this_request

# PostgreSQL quotes the row that it refuses: "Failing row contains (...)", over several lines where the row has some.
_QUOTED = re.compile(
    r"^DETAIL:.*?(?=^(?:HINT|CONTEXT|LINE|Traceback|The above|During|\[SQL|\(Background)|\Z)", re.M | re.S
)
REQUEST_ID = "X-Request-ID"
_SAFE_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, request id; the traceback where there is one."""
        entry: dict[str, object] = {
            "at": now().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if has_request_context():
            entry["request_id"] = g.get("request_id")
        if record.exc_info and has_request_context():
            entry["traceback"] = places(record.exc_info[1])
        elif record.exc_info:
            entry["traceback"] = _QUOTED.sub("DETAIL: left out\n", self.formatException(record.exc_info))
        return _encode(entry)


# Made once: `json.dumps` with options of its own makes an encoder each time.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def log_unexpected(error: BaseException) -> None:
    """An error of the program itself, with its place."""
    logging.getLogger("hai_long").error("unexpected error", exc_info=error)


def places(error: BaseException | None) -> str:
    """Which errors met where, the first cause first. What they say may quote who asked or what was to be stored."""
    told: list[str] = []
    while error is not None:
        told.insert(0, "".join([*traceback.format_tb(error.__traceback__), _name(type(error))]))
        error = error.__cause__ or error.__context__
    return "\nTraceback (most recent call last), what it says left out:\n".join(["", *told]).lstrip()


def _name(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def init_logs(app: Flask, settings: Settings) -> None:
    """Log to standard error. Addresses, query strings and form fields are never logged."""
    logging.logThreads = logging.logMultiprocessing = False  # no line says them, and each would be looked up for each
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("hai_long")
    logger.handlers[:] = [handler]
    logger.setLevel(settings.log_level)
    logger.propagate = settings.testing
    app.logger.handlers[:] = [handler]

    @app.before_request
    def begin() -> None:
        context = this_context()
        context.request_id = request_id_of(request.environ)
        context.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        asked, context = this_request(), this_context()
        response.headers[REQUEST_ID] = id_ = context.get("request_id", "")
        began = context.get("began", time.perf_counter())
        log_request(asked.method, asked.endpoint, response.status_code, began, id_)
        return response


def request_id_of(environ: Mapping[str, Any]) -> str:
    """The id that a request brings, or a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if _SAFE_ID.match(given) else str(new_id())


def log_request(method: str, endpoint: str | None, status: int, began: float, request_id: str) -> None:
    """The line of one request that is answered; `began`: by `time.perf_counter`."""
    logger = logging.getLogger("hai_long")
    if logger.isEnabledFor(logging.INFO):
        # The record itself: `info` would first look through the stack for the line that it was called from.
        record = logging.LogRecord(logger.name, logging.INFO, __file__, 0, "request", None, None)
        record.fields = {
            "method": method,
            "endpoint": endpoint,
            "status": status,
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            "request_id": request_id,
        }
        logger.handle(record)
