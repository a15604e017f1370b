"""Puts the pages of feedback into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.current_user import csrf
from survey.accounts.permissions import can_anywhere
from survey.feedback import (
    case_page,
    desk_contact_routes,
    entering_routes,
    handling_routes,
    publishing_routes,
    queries,
    routes,
    screening_routes,
)
from survey.feedback.follow import contact_routes, public_routes
from survey.feedback.follow.said_to_followers import init_said_to_followers
from survey.feedback.kinds import KIND_WORDS, OUTCOME_WORDS
from survey.feedback.rules import check_rules
from survey.foundation.pages.menu import Page, register_page

VIEWS = (
    routes,
    handling_routes,
    desk_contact_routes,
    publishing_routes,
    screening_routes,
)  # importing them puts their addresses into the blueprint


def register(app: Flask) -> None:
    """Add the blueprints and the menu entry."""
    check_rules(app.extensions["settings"].feedback_rules)
    app.register_blueprint(case_page.blueprint)
    app.register_blueprint(entering_routes.blueprint)
    app.register_blueprint(public_routes.blueprint)
    app.register_blueprint(contact_routes.blueprint)
    init_said_to_followers(app)
    csrf.exempt(public_routes.judge)
    csrf.exempt(contact_routes.leave)
    cases = AuditedKind(
        _("Phản ánh"),
        queries.fetch_agency_names_of,
        lambda _province, line: url_for("feedback.page", case_id=int(line.object_id)),
        values={"state": case_page.STATE_WORDS, "kind": KIND_WORDS, "outcome": OUTCOME_WORDS},
    )
    register_audited(app, "feedback", cases)
    pages = frozenset(
        {
            "feedback.page",
            "feedback.classify",
            "feedback.answer",
            "feedback.note",
            "feedback.contact",
            "feedback.propose",
            "feedback.screen_case",
            "feedback_entry.new",
            "feedback_entry.take",
        }
    )
    register_page(app, Page("voices", 20, "feedback.index", _("Phản ánh"), lambda: can_anywhere(case_page.VIEW), pages))
