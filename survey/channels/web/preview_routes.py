"""A version of a questionnaire as citizens meet it: the questionnaires' page, drawn by this channel."""

from __future__ import annotations

from flask import abort, url_for

from survey.accounts.permissions import VIEW, Action
from survey.channels.web.pages import preview_form
from survey.foundation.access import Of, needs
from survey.questionnaires import queries
from survey.questionnaires.definition import Definition
from survey.questionnaires.routes import blueprint, found_questionnaire, may_edit


@blueprint.get("/<key>/<int:version>/preview")
@needs(Action.VIEW, Of.ANYTHING)
def preview(key: str, version: int) -> str:
    """A version as citizens meet it; nothing can be sent from here."""
    questionnaire = found_questionnaire(key, VIEW)
    shown = queries.fetch_version(key, version)
    if shown is None or (shown.published_at is None and not may_edit(questionnaire)):
        abort(404)
    back = url_for("questionnaires.page", key=key) if shown.published_at else url_for("questionnaires.draft", key=key)
    return preview_form(Definition.parse(shown.definition), questionnaire.sector, questionnaire.title, back)
