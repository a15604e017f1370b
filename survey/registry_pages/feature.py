"""Puts the pages of agencies, services, counters and caseloads and their menu entries into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from survey.accounts.agency_access import MANAGE_CASELOADS
from survey.accounts.audit_log.objects import register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.foundation.pages.checklist import Step, register_step
from survey.foundation.pages.menu import Page, register_page
from survey.registry.queries import count_agencies, count_caseloads, count_counters, count_services
from survey.registry_pages import agency_routes, audit_links, counter_routes, service_routes
from survey.registry_pages.caseloads import routes as caseload_routes

AGENCIES = frozenset(
    {
        *("agencies.agency_page", "agencies.new_agency", "agencies.edit_agency"),
        *("services.index", "services.service_page", "services.new_service", "services.edit_service"),
        *("counters.new_counter", "counters.edit_counter"),
    }
)
CASELOADS = frozenset({"caseloads.month_page"})


def register(app: Flask) -> None:
    """Add blueprints and menu entries."""
    for module in (agency_routes, service_routes, counter_routes, caseload_routes):
        app.register_blueprint(module.blueprint)
    for object_type, kind in audit_links.KINDS.items():
        register_audited(app, object_type, kind)
    register_page(
        app, Page("administration", 10, "agencies.index", _("Các cơ quan"), lambda: can_anywhere(VIEW), AGENCIES)
    )
    register_page(
        app, Page("collecting", 30, "caseloads.owed", _("Số hồ sơ"), lambda: can_anywhere(MANAGE_CASELOADS), CASELOADS)
    )
    for step in STEPS:
        register_step(app, step)


STEPS = (
    Step(
        10,
        _("Các cơ quan, đơn vị"),
        _("Nhập cả danh sách từ tệp, hoặc thêm từng cơ quan; cơ quan cấp trên trước."),
        "agencies.index",
        count_agencies,
        "agencies",
    ),
    Step(
        20,
        _("Dịch vụ, thủ tục"),
        _("Mã theo Cơ sở dữ liệu quốc gia về thủ tục hành chính; các tỉnh dùng chung."),
        "services.index",
        count_services,
        "services",
    ),
    Step(
        30,
        _("Các quầy"),
        _("Mỗi nơi đặt mã QR hay kiosk là một quầy của một cơ quan."),
        "imports.index",
        count_counters,
        "counters",
    ),
    Step(
        40,
        _("Số hồ sơ đã giải quyết"),
        _("Theo tháng; các cơ quan có thể tự nhập. Thiếu thì chưa kết luận theo chỉ tiêu."),
        "caseloads.owed",
        count_caseloads,
        "caseloads",
    ),
    Step(
        70,
        _("Áp phích có mã QR"),
        _("In từ trang của từng cơ quan rồi dán tại quầy; quét thử một mã."),
        "agencies.index",
        None,
    ),
)
