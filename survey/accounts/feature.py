"""Puts the staff's pages, their places in the menu and the commands into the application."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from survey.accounts import (
    commands,
    current_user,
    guide_routes,
    invitation_routes,
    login_required,
    own_language,
    proposal_routes,
    routes,
    second_factor_routes,
    security_key_routes,
    setup_routes,
    user_routes,
)
from survey.accounts.administration import MANAGE
from survey.accounts.agency_access import may_see_agency
from survey.accounts.approvals.approvals import SWITCH_OFF, register_change
from survey.accounts.audit_log import links as audit_links
from survey.accounts.audit_log import routes as audit_routes
from survey.accounts.audit_log.fields import field_lines
from survey.accounts.audit_log.objects import register_audited
from survey.accounts.permissions import can_anywhere
from survey.accounts.queries import count_accounts
from survey.accounts.second_factor_rule import RESET
from survey.foundation.pages.checklist import Step, register_step
from survey.foundation.pages.menu import Page, register_page


def register(app: Flask) -> None:
    """Sessions, the guard of the desk, the pages and the commands."""
    login_required.init_guard(app)  # before forms are checked: one that comes after the session has ended is not lost
    current_user.init_accounts(app)
    own_language.init_own_language(app)
    guide_routes.init_guide(app)
    for change in (*SWITCH_OFF.values(), RESET):
        register_change(app, change)
    own = (routes, invitation_routes, second_factor_routes, security_key_routes)
    parts = (*own, user_routes, audit_routes, proposal_routes, setup_routes)
    for part in parts:
        app.register_blueprint(part.blueprint)
    app.cli.add_command(commands.group)
    visible, also = proposal_routes.waits_anywhere, frozenset({"proposals.index"})
    waiting = proposal_routes.count_mine
    register_page(app, Page("publishing", 40, "proposals.home", _("Chờ xác nhận"), visible, also, waiting))
    users = frozenset({"users.index", "users.user_page"})
    register_page(app, Page("administration", 40, "users.home", _("Tài khoản"), lambda: can_anywhere(MANAGE), users))
    setup = frozenset({"setup.index", "setup.roles"})
    register_page(app, Page("administration", 5, "setup.home", _("Thiết lập"), lambda: can_anywhere(MANAGE), setup))
    others = _(
        "Tạo từng người, hoặc cả danh sách trên máy chủ: sudo hai-long survey import --kind accounts TỆP; mỗi người "
        "một vai trò trong một phạm vi."
    )
    register_step(app, Step(60, _("Tài khoản của cán bộ"), others, "users.home", _besides_the_first))
    for object_type, kind in audit_links.KINDS.items():
        register_audited(app, object_type, kind)
    app.jinja_env.globals |= {"field_lines": field_lines, "may_see_agency": may_see_agency}
    log = frozenset({"audit.index"})
    may_audit = partial(can_anywhere, audit_routes.VIEW_AUDIT)
    register_page(app, Page("administration", 50, "audit.home", _("Nhật ký"), may_audit, log))


def _besides_the_first(province_id: int) -> int:
    return max(0, count_accounts(province_id) - 1)
