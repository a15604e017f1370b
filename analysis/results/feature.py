"""Puts the public results and the commands of closing and publishing into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from analysis.periods.queries import fetch_closing_names
from analysis.results import after_thanks, picture_routes, replies_routes, routes
from analysis.results.closing import changes, desk_routes
from analysis.results.closing.caseload_guard import closed_on_these
from analysis.results.monitoring import publication_figures
from survey.accounts.approvals.approvals import register_change
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import Action
from survey.channels.web.after_thanks import AFTER_THANKS
from survey.foundation.pages.menu import Page, register_page
from survey.foundation.server.metrics import register_source
from survey.registry.files.undoing import watch


def register(app: Flask) -> None:
    """Add the blueprints and the page of the menu."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(replies_routes.blueprint)
    app.register_blueprint(picture_routes.blueprint)
    app.register_blueprint(desk_routes.blueprint)
    AFTER_THANKS.add(app, "results", after_thanks.lines)
    pages = frozenset({"closing.periods_page", "closing.period_page"})
    register_page(
        app, Page("publishing", 30, "closing.home", _("Chốt và công bố"), desk_routes.may_close_anywhere, pages)
    )
    closing = AuditedKind(
        _("Kỳ"),
        fetch_closing_names,
        lambda province, line: url_for(
            "closing.period_page", province=province.key, period=(line.after or {})["period"]
        ),
        Action.CLOSE_PERIOD,
    )
    register_audited(app, "closing", closing)
    register_source(app, publication_figures)
    watch("caseloads", closed_on_these)
    for kind in changes.KINDS:
        register_change(app, kind)
