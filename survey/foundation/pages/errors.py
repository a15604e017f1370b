"""Error pages in the user's language, and JSON for programs."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, ServiceUnavailable

from survey.foundation.pages.given_back import words_given
from survey.foundation.server.logs import log_unexpected
from survey.foundation.storage.database import db
from survey.foundation.storage.outage import RETRY_AFTER, begin_outage, end_session, in_outage, is_outage
from survey.foundation.storage.read_replica import give_up_standby

PUBLISHED = "api"  # the blueprint of published figures, which anybody may read
PAGES = (400, 403, 404, 405, 409, 413, 421, 429, 500, 503)


def _wants_json() -> bool:
    return request.path.startswith(("/kiosk/api/", "/healthz", "/readyz")) or request.is_json


def error_answer(error: HTTPException) -> Response:
    """The page of an error, or its JSON for programs."""
    code = error.code or 500
    try:
        answer = _in_form_asked(code, error)
    except Exception as failure:
        if in_outage() or not is_outage(failure):
            raise
        if give_up_standby():
            end_session()
            return error_answer(error)
        return _out_of_service(failure)  # even a page about a mistake looks up who is signed in
    answer.status_code = code
    return answer


def _out_of_service(error: BaseException) -> Response:
    """What a database says that cannot serve may hold what was to be stored, so only its kind is logged."""
    logging.getLogger("hai_long").error("the database cannot serve: %s", type(error).__name__)
    begin_outage()
    return error_answer(ServiceUnavailable(_("Hệ thống tạm ngừng phục vụ. Vui lòng thử lại sau ít phút.")))


def _once_more(app: Flask) -> ResponseReturnValue:
    """The answer to a request that only reads, whose standby went away on the way: made anew, by the primary."""
    end_session()
    try:
        answer = app.preprocess_request()
        return app.dispatch_request() if answer is None else answer
    except Exception as error:  # noqa: BLE001 - each is answered as Flask answers it the first time
        return app.handle_user_exception(error)


def _in_form_asked(code: int, error: HTTPException) -> Response:
    if request.path.startswith("/api/"):
        return _problem(code, error)
    if _wants_json():
        return jsonify({"error": {"code": code, "message": error.description}})
    page = code if code in PAGES else (400 if code < 500 else 500)
    told = {"error": error, "words": words_given(code), "at_desk": f"{request.path}/".startswith("/desk/")}
    return Response(render_template(f"errors/{page}.html", **told), mimetype="text/html")


def _problem(code: int, error: HTTPException) -> Response:
    """RFC 9457, what programs expect of a public interface."""
    problem = {"type": "about:blank", "title": error.name, "status": code, "detail": error.description}
    answer = jsonify(problem)
    answer.content_type = "application/problem+json"
    if request.blueprint in (None, PUBLISHED):  # what needs a key is for no page of another site
        answer.headers["Access-Control-Allow-Origin"] = "*"
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def init_errors(app: Flask) -> None:
    """Register the pages. An unexpected error is logged with its request id and rolled back."""

    @app.after_request
    def say_when_to_come_back(answer: Response) -> Response:
        if answer.status_code == 503:
            answer.headers.setdefault("Retry-After", str(RETRY_AFTER))
        return answer

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response:
        if 300 <= (error.code or 500) < 400:
            return Response(status=error.code, headers=error.get_headers())
        if (cause := getattr(error, "original_exception", None)) is not None and is_outage(cause):
            return _out_of_service(cause)  # it met what follows a view, where Flask asks for the page of a 500
        return error_answer(error)

    @app.errorhandler(Exception)
    def on_failure(error: Exception) -> ResponseReturnValue:
        if app.testing and app.config.get("PROPAGATE_EXCEPTIONS"):
            raise error
        if is_outage(error):
            return _once_more(app) if give_up_standby() else _out_of_service(error)
        log_unexpected(error)
        db.session.rollback()
        return error_answer(InternalServerError())
