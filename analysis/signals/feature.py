"""Puts signals into the application: their pages, their place in the menu and the command of cron."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from analysis.signals.queries import fetch_places
from analysis.signals.queue_file_signals import open_for_file
from analysis.signals.routes import blueprint
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.devices.queue_files import on_file_taken_in
from survey.foundation.pages.menu import Page, register_page


def register(app: Flask) -> None:
    """Add the blueprint and the menu entry."""
    app.register_blueprint(blueprint)
    kind = AuditedKind(
        _("Tín hiệu"), fetch_places, lambda _province, line: url_for("signals.page", signal_id=int(line.object_id))
    )
    register_audited(app, "signal", kind)
    on_file_taken_in(app, open_for_file)
    register_page(
        app,
        Page("results", 30, "signals.index", _("Tín hiệu"), lambda: can_anywhere(VIEW), frozenset({"signals.page"})),
    )
