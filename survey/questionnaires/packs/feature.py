"""Puts the packs of languages into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.foundation.interface.schemas import register_schema
from survey.foundation.languages.citizen_languages import init_citizen_languages
from survey.foundation.pages.menu import Page, register_page
from survey.questionnaires.packs import commands  # noqa: F401 - its commands belong to the group
from survey.questionnaires.packs.manifest import manifest_schema
from survey.questionnaires.packs.queries import fetch_pack_names
from survey.questionnaires.packs.routes import blueprint, sounds
from survey.questionnaires.packs.service import installed


def register(app: Flask) -> None:
    """Add the blueprints, the menu entry, and what citizens' pages are given."""
    app.register_blueprint(blueprint)
    app.register_blueprint(sounds)
    init_citizen_languages(app, installed)
    kind = AuditedKind(_("Gói ngôn ngữ"), fetch_pack_names, lambda _province, _line: url_for("languages.index"))
    register_audited(app, "language", kind)
    register_schema(app, "language-pack.schema.json", lambda _app: manifest_schema())
    page = Page("administration", 35, "languages.index", _("Các ngôn ngữ"), lambda: can_anywhere(VIEW), frozenset())
    register_page(app, page)
