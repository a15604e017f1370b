"""Every part of `kiosk`, registered in one place."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from kiosk import commands
from kiosk.api import routes as api
from kiosk.fleet import routes as fleet
from kiosk.fleet.access import IMPORT_QUEUE_FILE, MANAGE_DEVICES
from kiosk.pages import routes as pages
from kiosk.pages.texts import citizens_texts
from kiosk.schemas import kiosk_schema
from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.current_user import csrf
from survey.accounts.permissions import can_anywhere
from survey.devices.queries import count_devices, fetch_device_names
from survey.foundation.interface.schemas import register_schema
from survey.foundation.languages.citizen_texts import register_citizen_texts
from survey.foundation.pages.checklist import Step, register_step
from survey.foundation.pages.menu import Page, register_page

FLEET = frozenset({"fleet.device_page", "fleet.pair", "fleet.import_file"})


def register(app: Flask) -> None:
    """Add blueprints, commands and menu pages."""
    csrf.exempt(api.blueprint)  # devices carry their key in a header, which no other site can make a browser send
    app.register_blueprint(api.blueprint)
    register_schema(app, "kiosk.schema.json", lambda _app: kiosk_schema())
    app.register_blueprint(pages.blueprint)
    register_citizen_texts(app, "kiosk", citizens_texts)
    app.cli.add_command(commands.group)
    app.register_blueprint(fleet.blueprint)
    device = AuditedKind(
        _("Kiosk"), fetch_device_names, lambda _province, line: url_for("fleet.device_page", device_id=line.object_id)
    )
    register_audited(app, "device", device)
    register_page(app, Page("collecting", 20, "fleet.index", _("Kiosk"), _has_work_here, FLEET))
    advice = _("Mở /kiosk/ trên máy ở quầy rồi nhập mã ghép; nơi không có kiosk bỏ qua.")
    register_step(app, Step(80, _("Kiosk"), advice, "fleet.index", count_devices))


def _has_work_here() -> bool:
    return can_anywhere(MANAGE_DEVICES) or can_anywhere(IMPORT_QUEUE_FILE)
