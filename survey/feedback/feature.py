"""Puts the pages of feedback into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from survey.accounts.audit_objects import AuditedKind, register_audited
from survey.accounts.permissions import can_anywhere
from survey.feedback import public_routes, queries, routes
from survey.foundation.menu import Page, register_page


def register(app: Flask) -> None:
    """Add the blueprints and the menu entry."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(public_routes.blueprint)
    cases = AuditedKind(
        _("Phản ánh"),
        queries.fetch_agency_names_of,
        lambda _province, line: url_for("feedback.page", case_id=int(line.object_id)),
    )
    register_audited(app, "feedback", cases)
    pages = frozenset({"feedback.page", "feedback.answer"})
    register_page(app, Page("voices", 20, "feedback.index", _("Phản ánh"), lambda: can_anywhere(routes.VIEW), pages))
