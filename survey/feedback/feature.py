"""Puts the pages of feedback into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from survey.feedback import public_routes, routes
from survey.foundation.menu import Page, register_page
from survey.staff.permissions import can_anywhere


def register(app: Flask) -> None:
    """Add the blueprints and the menu entry."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(public_routes.blueprint)
    pages = frozenset({"feedback.page", "feedback.answer"})
    register_page(app, Page(27, "feedback.index", _("Phản ánh"), lambda: can_anywhere(routes.VIEW), pages))
