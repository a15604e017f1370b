"""Whose site it is, and its emblem: set on the server, seen at the head of pages, posters and paper forms."""

from __future__ import annotations

from flask import Flask, current_app
from flask_babel import lazy_gettext as _

from survey.foundation.configuration.settings import Settings
from survey.foundation.pages.checklist import Step, register_step

NAME = Step(
    4,
    _("Tên của tỉnh"),
    _("Người quản trị máy chủ ghi ORGANISATION trong tệp thiết lập; tên đứng trên trang đầu."),
    "citizen.start",
    lambda _province_id: int(bool(_settings().organisation)),
)
EMBLEM = Step(
    5,
    _("Biểu trưng của tỉnh"),
    _("Người quản trị máy chủ ghi EMBLEM, một tệp SVG hay PNG; in trên áp phích, thẻ, phiếu giấy và trang đầu."),
    "citizen.start",
    lambda _province_id: int(bool(_settings().emblem)),
)


def init_own_name(app: Flask) -> None:
    """Put both into the checklist of the first hour."""
    register_step(app, NAME)
    register_step(app, EMBLEM)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
