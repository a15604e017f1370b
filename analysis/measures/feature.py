"""Puts improvement measures into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from analysis.measures.routes import blueprint
from survey.foundation.menu import Page, register_page
from survey.staff.permissions import VIEW, can_anywhere

PAGES = frozenset({"measures.page", "measures.register", "measures.change"})


def register(app: Flask) -> None:
    """Add the blueprint and the menu entry."""
    app.register_blueprint(blueprint)
    register_page(app, Page(35, "measures.index", _("Cải thiện"), lambda: can_anywhere(VIEW), PAGES))
