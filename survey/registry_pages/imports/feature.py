"""Puts the pages of imports into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from survey.accounts.permissions import can_anywhere
from survey.foundation.pages.menu import Page, register_page
from survey.registry_pages.imports import column_routes as import_column_routes
from survey.registry_pages.imports import routes as import_routes
from survey.registry_pages.imports.kinds import OFFERED


def register(app: Flask) -> None:
    """Add the blueprint and its menu entry."""
    app.register_blueprint(import_routes.blueprint)
    app.register_blueprint(import_column_routes.blueprint)
    pages = frozenset({"imports.preview", "imports.confirm", "import_columns.choose"})
    register_page(app, Page("collecting", 40, "imports.index", _("Nhập từ tệp"), may_import, pages))


def may_import() -> bool:
    """Whether the signed-in user may import anything."""
    return any(can_anywhere(offered.action) for offered in OFFERED.values())
