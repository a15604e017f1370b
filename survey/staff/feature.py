"""Puts the staff's pages, their places in the menu and the commands into the application."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from survey.foundation.menu import Page, register_page
from survey.staff import accounts, audit_routes, audited, commands, guard, proposal_routes, routes, user_routes
from survey.staff.administration import MANAGE
from survey.staff.audit_fields import field_lines
from survey.staff.audit_objects import register_audited
from survey.staff.permissions import can_anywhere


def register(app: Flask) -> None:
    """Sessions, the guard of the desk, the pages and the commands."""
    accounts.init_accounts(app)
    guard.init_guard(app)
    for blueprint in (routes.blueprint, user_routes.blueprint, audit_routes.blueprint, proposal_routes.blueprint):
        app.register_blueprint(blueprint)
    app.cli.add_command(commands.group)
    visible, also = proposal_routes.waits_anywhere, frozenset({"proposals.index"})
    waiting = proposal_routes.count_mine
    register_page(app, Page("publishing", 40, "proposals.home", _("Chờ xác nhận"), visible, also, waiting))
    users = frozenset({"users.index", "users.user_page"})
    register_page(app, Page("administration", 40, "users.home", _("Tài khoản"), lambda: can_anywhere(MANAGE), users))
    for object_type, kind in audited.KINDS.items():
        register_audited(app, object_type, kind)
    app.jinja_env.globals["field_lines"] = field_lines
    log = frozenset({"audit.index"})
    may_audit = partial(can_anywhere, audit_routes.VIEW_AUDIT)
    register_page(app, Page("administration", 50, "audit.home", _("Nhật ký"), may_audit, log))
