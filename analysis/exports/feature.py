"""Puts the pages and the command of exports into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from analysis.exports.routes import blueprint
from survey.accounts.audit_objects import AuditedKind, register_audited
from survey.accounts.permissions import Action, can_anywhere
from survey.foundation.menu import Page, register_page


def register(app: Flask) -> None:
    """Add the blueprint and the menu entry."""
    app.register_blueprint(blueprint)
    tables = {
        "estimates": _("Ước lượng"),
        "questions": _("Kết quả theo câu hỏi"),
        "tallies": _("Số đếm"),
        "responses": _("Phiếu đã ẩn danh"),
    }
    named = AuditedKind(_("Tệp số liệu"), lambda ids: {one: str(tables[one]) for one in ids if one in tables})
    register_audited(app, "export", named)
    pages = frozenset({"exports.page"})
    page = Page("publishing", 20, "exports.home", _("Tải số liệu"), lambda: can_anywhere(Action.EXPORT_FIGURES), pages)
    register_page(app, page)
