"""Puts the questionnaires' pages into the application."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from survey.accounts.audit_log.objects import AuditedKind, register_audited
from survey.accounts.permissions import VIEW, can_anywhere
from survey.foundation.interface.schemas import register_schema
from survey.foundation.pages.checklist import Step, register_step
from survey.foundation.pages.menu import Page, register_page
from survey.questionnaires import use_routes  # noqa: F401 - its pages belong to the blueprint
from survey.questionnaires.definition_schema import file_schema
from survey.questionnaires.packs import feature as packs
from survey.questionnaires.queries import count_published, fetch_titles
from survey.questionnaires.routes import CONFIDENCES, blueprint
from survey.questionnaires.types import ITEM_TYPES

PAGES = frozenset({"questionnaires.page", "questionnaires.draft", "questionnaires.uses"})


def register(app: Flask) -> None:
    """Add the blueprint and its menu entry."""
    app.register_blueprint(blueprint)
    kind = AuditedKind(
        _("Phiếu hỏi"),
        fetch_titles,
        lambda _province, line: url_for("questionnaires.page", key=line.object_id),
        values={"confidence": CONFIDENCES, "type": {name: item.words for name, item in ITEM_TYPES.items()}},
    )
    register_audited(app, "questionnaire", kind)
    packs.register(app)
    register_schema(app, "questionnaire.schema.json", lambda _app: file_schema())
    register_page(
        app, Page("administration", 30, "questionnaires.index", _("Phiếu hỏi"), lambda: can_anywhere(VIEW), PAGES)
    )
    advice = _("Các phiếu theo quy định có sẵn; xem lại từng câu, sửa thì công bố phiên bản mới.")
    register_step(app, Step(50, _("Phiếu hỏi đã công bố"), advice, "questionnaires.index", count_published))
