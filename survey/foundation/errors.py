"""Error pages in the user's language, and JSON for programs."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from survey.foundation.database import db

PAGES = (400, 403, 404, 405, 413, 421, 429, 500, 503)


def _wants_json() -> bool:
    return request.path.startswith(("/kiosk/api/", "/healthz", "/readyz")) or request.is_json


def error_answer(error: HTTPException) -> Response | tuple[str, int]:
    """The page of an error, or its JSON for programs."""
    code = error.code or 500
    if request.path.startswith("/api/"):
        return _problem(code, error)
    if _wants_json():
        answer = jsonify({"error": {"code": code, "message": error.description}})
        answer.status_code = code
        return answer
    page = code if code in PAGES else (400 if code < 500 else 500)
    return render_template(f"errors/{page}.html", error=error), code


def _problem(code: int, error: HTTPException) -> Response:
    """RFC 9457, what programs expect of a public interface."""
    problem = {"type": "about:blank", "title": error.name, "status": code, "detail": error.description}
    answer = jsonify(problem)
    answer.status_code = code
    answer.content_type = "application/problem+json"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def init_errors(app: Flask) -> None:
    """Register the pages. An unexpected error is logged with its request id and rolled back."""

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response | tuple[str, int]:
        if 300 <= (error.code or 500) < 400:
            return Response(status=error.code, headers=error.get_headers())
        return error_answer(error)

    @app.errorhandler(Exception)
    def on_failure(error: Exception) -> Response | tuple[str, int]:
        if app.testing and app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        logging.getLogger("hai_long").error("unexpected error", exc_info=error)
        db.session.rollback()
        return error_answer(InternalServerError())
