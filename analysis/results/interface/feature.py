"""Puts the public API into the application."""

from __future__ import annotations

from flask import Flask

from analysis.results.interface.routes import blueprint


def register(app: Flask) -> None:
    """Add the blueprint."""
    app.register_blueprint(blueprint)
