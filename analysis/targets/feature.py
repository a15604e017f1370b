"""Puts the pages of targets, and their file, into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from analysis.targets.editing import CHANGE, MANAGE, TARGETS
from analysis.targets.importing import undone_by_one
from analysis.targets.queries import fetch_targets
from analysis.targets.routes import blueprint
from survey.accounts.approvals.approvals import register_change
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.foundation.pages.checklist import Step, register_step
from survey.foundation.pages.menu import Page, register_page
from survey.registry.files.undoing import watch
from survey.registry_pages.imports.kinds import offer

PAGES = frozenset({"targets.new", "targets.edit"})


def register(app: Flask) -> None:
    """Add the blueprint, the menu entry and the kind of file."""
    app.register_blueprint(blueprint)
    register_page(
        app, Page("administration", 20, "targets.index", _("Các chỉ tiêu"), lambda: can_anywhere(VIEW), PAGES)
    )
    register_audited(
        app, TARGETS.name, AuditedKind(_("Chỉ tiêu"), address=lambda _province, _line: url_for("targets.index"))
    )
    register_change(app, CHANGE)
    offer(TARGETS, _("Chỉ tiêu của tỉnh"), MANAGE)
    watch(TARGETS.name, undone_by_one)
    advice = _("Chỉ tiêu quốc gia có sẵn; thêm chỉ tiêu của tỉnh với số, ngày văn bản.")
    register_step(app, Step(90, _("Các chỉ tiêu"), advice, "targets.index", _count, "targets"))


def _count(province_id: int) -> int:
    return len(fetch_targets(province_id))
