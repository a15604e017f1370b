"""Puts improvement measures into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from analysis.measures import after_thanks
from analysis.measures.queries import fetch_summaries
from analysis.measures.routes import blueprint
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.channels.web.after_thanks import AFTER_THANKS
from survey.foundation.pages.menu import Page, register_page

PAGES = frozenset({"measures.page", "measures.register", "measures.change"})


def register(app: Flask) -> None:
    """Add the blueprint and the menu entry."""
    app.register_blueprint(blueprint)
    AFTER_THANKS.add(app, "measures", after_thanks.lines)
    kind = AuditedKind(
        _("Biện pháp"),
        fetch_summaries,
        lambda _province, line: url_for("measures.page", measure_id=int(line.object_id)),
    )
    register_audited(app, "measure", kind)
    register_page(app, Page("results", 40, "measures.index", _("Cải thiện"), lambda: can_anywhere(VIEW), PAGES))
