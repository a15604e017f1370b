"""Puts the country's pages and the command that makes its figures into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

import analysis.national.commands
import analysis.national.models  # noqa: F401 - all tables must be known to migrations
from analysis.national import desk_routes, routes
from analysis.national.figures import check_targets
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.foundation.pages.menu import Page, register_page


def register(app: Flask) -> None:
    """Add the blueprints and the page of the menu."""
    check_targets(app.extensions["settings"].country_targets)
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(desk_routes.blueprint)
    pages = frozenset({"country.edition_page"})
    register_page(app, Page("results", 5, "country.home", _("Cả nước"), desk_routes.is_held, pages))
    register_audited(app, "country_edition", AuditedKind(_("Số liệu cả nước")))
