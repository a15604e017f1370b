"""Puts the desk's pages and their places in the menu into the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_login import current_user

from analysis.desk import cases_routes, chart_routes, comments_routes, routes, todo
from analysis.desk.kept import routes as kept_routes
from analysis.desk.rehearsal import rehearse_overview
from analysis.figures.suppression.complement import is_untold
from analysis.periods.held_answer_queries import held_back
from analysis.presentation.caseload_units import in_units, in_units_of_sector
from analysis.presentation.filter_options import METHODS
from analysis.presentation.lacking_words import lacking_words, part_words
from analysis.presentation.linked_names import names_leading, names_linked
from analysis.presentation.overturn_words import overturn_words, point_overturn_words
from analysis.presentation.phrases import (
    count_words,
    evidence_words,
    range_beside,
    share_beside,
    threshold_words,
    unbroken,
    why_hidden,
)
from analysis.themes.names import NAMES
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import VIEW, Action, can_anywhere
from survey.feedback.holding import init_release
from survey.foundation.formatting import moment
from survey.foundation.pages.menu import Page, register_page
from survey.foundation.server.rehearsal import register_rehearsal
from survey.foundation.vocabulary import RESPONDENT_KINDS

# That of `kept_routes` is Explore's own, with one address more.
BLUEPRINTS = tuple(part.blueprint for part in (routes, kept_routes, chart_routes, comments_routes, cases_routes))


def register(app: Flask) -> None:
    """Add the blueprints and their menu entries."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    init_release(app, held_back)
    todo.register(app)
    register_rehearsal(app, rehearse_overview)
    app.jinja_env.filters |= {
        "unbroken": unbroken,
        "count_words": count_words,
        "evidence_words": evidence_words,
        "in_units": in_units,
        "in_units_of_sector": in_units_of_sector,
        "lacking_words": lacking_words,
        "names_leading": names_leading,
        "names_linked": names_linked,
        "part_words": part_words,
        "overturn": overturn_words,
        "point_overturn": point_overturn_words,
        "share_beside": share_beside,
        "range_beside": range_beside,
        "threshold": threshold_words,
        "is_untold": is_untold,
        "why_hidden": why_hidden,
    }
    register_audited(app, "comments", AuditedKind(_("Ý kiến"), _at, values={"theme": NAMES}))
    asked = {"kind": RESPONDENT_KINDS, "method": METHODS}  # as they stand in the address
    register_audited(app, "figure", AuditedKind(_("Ô số liệu"), _at, values=asked))
    overview = frozenset({"desk.overview_page"})
    register_page(
        app, Page("results", 10, "desk.home", _("Tổng quan"), lambda: bool(current_user.is_authenticated), overview)
    )
    explore = frozenset({"explore.page", "explore.explain", "explore.questions"})
    register_page(app, Page("results", 20, "explore.home", _("Khám phá"), lambda: can_anywhere(VIEW), explore))
    comments = frozenset({"comments.page", "comments.themes"})
    register_page(
        app, Page("voices", 10, "comments.home", _("Ý kiến"), lambda: can_anywhere(Action.VIEW_COMMENTS), comments)
    )
    register_page(
        app,
        Page(
            "voices",
            30,
            "cases.home",
            _("Kết quả xử lý"),
            lambda: can_anywhere(Action.VIEW_COMMENTS),
            frozenset({"cases.page"}),
        ),
    )


def _at(ids: Collection[str]) -> dict[str, str]:
    """What was looked at or taken has no name of its own but the moment."""
    return {id_: moment(dt.datetime.fromisoformat(id_)) for id_ in ids}
