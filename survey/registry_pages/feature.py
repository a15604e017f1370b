"""Puts the pages of agencies, services, counters and caseloads and their menu entries into the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from survey.accounts.agency_access import MANAGE_CASELOADS
from survey.accounts.audit_objects import register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.foundation.menu import Page, register_page
from survey.registry_pages import agency_routes, audit_links, caseload_routes, counter_routes, service_routes

AGENCIES = frozenset(
    {
        *("agencies.agency_page", "agencies.new_agency", "agencies.edit_agency"),
        *("services.index", "services.new_service", "services.edit_service"),
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
    register_page(app, Page("administration", 10, "agencies.index", _("Cơ quan"), lambda: can_anywhere(VIEW), AGENCIES))
    register_page(
        app, Page("collecting", 30, "caseloads.owed", _("Số hồ sơ"), lambda: can_anywhere(MANAGE_CASELOADS), CASELOADS)
    )
