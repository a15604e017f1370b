"""Puts the pages and the command of exports into the application."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask
from flask_babel import lazy_gettext as _

from analysis.exports.kinds import EXPORTS
from analysis.exports.routes import blueprint
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import Action, can_anywhere
from survey.foundation.pages.menu import Page, register_page


def register(app: Flask) -> None:
    """Add the blueprint and the menu entry."""
    app.register_blueprint(blueprint)
    register_audited(app, "export", AuditedKind(_("Tệp số liệu"), _titles))
    pages = frozenset({"exports.page"})
    page = Page("publishing", 20, "exports.home", _("Tải số liệu"), lambda: can_anywhere(Action.EXPORT_FIGURES), pages)
    register_page(app, page)


def _titles(kinds: Collection[str]) -> dict[str, str]:
    return {kind: str(export.title) for kind, export in EXPORTS.items() if kind in kinds}
