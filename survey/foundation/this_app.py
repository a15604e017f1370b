"""The application itself, for work that goes on where Flask's proxy stands for nothing: threads, processes, signals."""

from __future__ import annotations

from flask import Flask, current_app


def this_app() -> Flask:
    """What `current_app` stands for here."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # of Werkzeug's proxy
    return app
