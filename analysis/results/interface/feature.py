"""Puts the public API into the application."""

from __future__ import annotations

from flask import Flask

from analysis.results.interface.openapi import description_of
from analysis.results.interface.routes import blueprint
from survey.foundation.interface.schemas import register_schema


def register(app: Flask) -> None:
    """Add the blueprint and its description."""
    app.register_blueprint(blueprint)
    register_schema(app, "openapi.json", description_of)
