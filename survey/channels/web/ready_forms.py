"""A form that went out before goes out again, with a token of its own, before Flask begins on the request.

Two visitors of a form are answered the same but for the token and the request's id, and what Flask does for a request
takes three times as long as these. So what went out is kept with its headers, under all that it hung on: the register's
stamp, the day, the address and whether it is packed. Logged and counted it is like any other.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask, request

from survey.channels.web.compressed import takes_gzip
from survey.foundation.caching.register import Register, register_at_hand
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.clock import today
from survey.foundation.pages.hosts import UNKNOWN
from survey.foundation.server.logs import REQUEST_ID, log_request, request_id_of
from survey.foundation.server.metrics import count_request
from survey.foundation.server.rehearsal import REHEARSED
from survey.foundation.this_app import stand_in_front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT = 2000  # of some KB each, beside the page itself, which `pages` keeps
FORMS, ENDPOINT = "/c/", "citizen.form"
OF_ONE_REQUEST = {REQUEST_ID, "Content-Length"}
# What could be answered otherwise: to somebody signed in, to who asks for a name that is not ours; and nobody's visit.
_UNLIKE_OTHERS = ("HTTP_COOKIE", UNKNOWN, REHEARSED)
_MADE = "hai_long.ready_form"  # in the environment of a request that made a form: its register, and what makes it anew


class ReadyForm(NamedTuple):
    """What went out, but for what is of one request; `page` makes the body, with a new token."""

    headers: list[tuple[str, str]]
    page: Callable[[], bytes]


def init_ready_forms(app: Flask) -> None:
    """Stand in front of Flask, and behind the check of the host's name: must come before `hosts`."""
    inner: WSGIApplication = app.wsgi_app
    kept: WeightedLru[ReadyForm] = WeightedLru(KEPT, lambda _: 1)

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_like_others(environ):
            return inner(environ, start_response)
        register = register_at_hand(app)
        ready = kept.find(_key(environ, register, today())) if register else None
        if ready:
            return _again(ready, environ, start_response)
        return inner(environ, _keeping(kept, environ, start_response))

    stand_in_front(app, answered)


def keep_ready(register: Register, page: Callable[[], bytes]) -> None:
    """What this request is answered is answered again while the register stands; `page` makes the body anew."""
    request.environ[_MADE] = (register, page)


def _is_like_others(environ: WSGIEnvironment) -> bool:
    is_form = environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO", "").startswith(FORMS)
    return is_form and not any(name in environ for name in _UNLIKE_OTHERS)


def _key(environ: WSGIEnvironment, register: Register, day: dt.date) -> Hashable:
    return (register.stamp, day, environ.get("PATH_INFO"), environ.get("QUERY_STRING", ""), takes_gzip(environ))


def _keeping(kept: WeightedLru[ReadyForm], environ: WSGIEnvironment, start_response: StartResponse) -> StartResponse:
    day = today()  # from before the form was made: at midnight it must not pass for one of the day that begins

    def started(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
        if _MADE in environ and status.startswith("200"):
            register, page = environ[_MADE]
            lasting = [(name, value) for name, value in headers if name not in OF_ONE_REQUEST]
            kept.keep(_key(environ, register, day), ReadyForm(lasting, page))
        return start_response(status, headers, *error)

    return started


def _again(ready: ReadyForm, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    began, id_ = time.perf_counter(), request_id_of(environ)
    body = ready.page()
    start_response("200 OK", [*ready.headers, (REQUEST_ID, id_), ("Content-Length", str(len(body)))])
    log_request("GET", ENDPOINT, 200, began, id_)
    count_request("GET", ENDPOINT, 200, began)
    return [body]
