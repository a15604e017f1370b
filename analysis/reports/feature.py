"""Puts reports into the application: commands, pages, menu."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from analysis.presentation.todo import TODOS
from analysis.reports import office_routes
from analysis.reports.access import MAKE
from analysis.reports.archive import fetch_names
from analysis.reports.calendar import check_calendars
from analysis.reports.delivery.commands import group as delivery
from analysis.reports.delivery.queries import fetch_subscriptions
from analysis.reports.kinds import KINDS
from analysis.reports.methods import desk_routes as method_desk
from analysis.reports.methods import method_routes
from analysis.reports.methods.service import EDIT, PUBLISH, RETIRE
from analysis.reports.recipients import department, departments
from analysis.reports.routes import blueprint
from analysis.reports.todo import to_make
from survey.accounts.approvals.approvals import register_change
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import can_anywhere
from survey.foundation.pages.checklist import Step, register_step
from survey.foundation.pages.menu import Page, register_page
from survey.foundation.storage.database import db
from survey.registry.files.agencies import RESERVED_CODES


def register(app: Flask) -> None:
    """Add the commands to `flask analysis`, the pages under /desk/reports/ and their menu entry."""
    check_calendars(app.extensions["settings"].report_calendars)
    app.cli.add_command(delivery)
    app.register_blueprint(blueprint)
    app.register_blueprint(method_routes.blueprint)
    app.register_blueprint(method_desk.blueprint)
    for key in departments():
        RESERVED_CODES.add(key, department(key)["name"])
    register_change(app, PUBLISH)
    register_change(app, RETIRE)
    methods = AuditedKind(
        _("Phương pháp đo"),
        None,
        lambda province, line: url_for("method_desk.page", province=province.key, sector=line.object_id),
        EDIT,
    )
    register_audited(app, "method", methods)
    app.register_blueprint(office_routes.blueprint)
    TODOS.add(app, "reports", to_make)
    kinds = {"kind": {name: kind.name for name, kind in KINDS.items()}}
    archived = AuditedKind(
        _("Báo cáo"),
        fetch_names,
        lambda _province, line: url_for("reports.archived", archived_id=int(line.object_id)),
        values=kinds,
    )
    register_audited(app, "report", archived)
    register_audited(app, "report_record", AuditedKind(_("Sổ báo cáo"), values=kinds))
    register_audited(app, "report_decision", AuditedKind(_("Quyết định về chế độ báo cáo")))
    register_audited(app, "subscription", AuditedKind(_("Nơi nhận báo cáo"), values=kinds))
    register_page(app, Page("publishing", 10, "reports.index", _("Báo cáo"), lambda: can_anywhere(MAKE)))
    also = frozenset({"method_desk.page"})
    register_page(
        app, Page("publishing", 35, "method_desk.index", _("Phương pháp đo"), lambda: can_anywhere(EDIT), also)
    )
    advice = _("Lệnh trên máy chủ: sudo hai-long reports subscribe …; cần thiết lập thư trước.")
    register_step(app, Step(100, _("Các nơi nhận báo cáo"), advice, "reports.index", _count_recipients))


def _count_recipients(province_id: int) -> int:
    return sum(subscription.province_id == province_id for subscription in fetch_subscriptions(db.session()))
