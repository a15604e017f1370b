"""What Flask's proxies stand for: to go on with where they stand for nothing, or since each look through one costs."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, current_app, g, request


def this_app() -> Flask:
    """What `current_app` stands for here."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # of Werkzeug's proxy
    return app


def this_request() -> Request:
    """What `request` stands for: a hook asks it for several things on every page, and each look costs ten of them."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    return asked


def this_context() -> Any:
    """What `g` stands for."""
    return g._get_current_object()
