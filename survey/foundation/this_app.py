"""What Flask's proxies stand for: to go on with where they stand for nothing, or since each look through one costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Request, current_app, g, request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def behind(proxy: Any) -> Any:
    """What a proxy of Werkzeug stands for here."""
    return proxy._get_current_object()


def this_app() -> Flask:
    """What `current_app` stands for here."""
    app: Flask = behind(current_app)
    return app


def this_request() -> Request:
    """What `request` stands for: a hook asks it for several things on every page, and each look costs ten of them."""
    asked: Request = behind(request)
    return asked


def this_context() -> Any:
    """What `g` stands for."""
    return behind(g)


def stand_in_front(app: Flask, outer: WSGIApplication) -> None:
    """From now on servers call `outer`, which calls what stood there before."""
    app.wsgi_app = outer  # type: ignore[method-assign, assignment]  # as Flask's own documentation has it
