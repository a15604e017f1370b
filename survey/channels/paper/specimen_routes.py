"""A version of a questionnaire on paper, as a specimen without a number: to read, to show, to have approved."""

from __future__ import annotations

from flask import Response, abort, request

from survey.accounts.permissions import VIEW
from survey.channels.paper.printing import PaperForm, render_forms
from survey.foundation.access import Of, needs
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires import queries
from survey.questionnaires.definition import Definition
from survey.questionnaires.packs.texts import packs_speaking_for
from survey.questionnaires.routes import blueprint, found_questionnaire, may_edit


@blueprint.get("/<key>/<int:version>/paper.pdf")
@needs(VIEW, Of.ANYTHING)
def paper(key: str, version: int) -> Response:
    """The version as a paper form, in the language that `in` names."""
    questionnaire = found_questionnaire(key, VIEW)
    shown = queries.fetch_version(key, version)
    language = request.args.get("in", "vi")
    if shown is None or (shown.published_at is None and not may_edit(questionnaire)):
        abort(404)
    if language not in LANGUAGES and language not in packs_speaking_for(shown.definition):
        abort(404)
    definition = Definition.parse(shown.definition)
    asks_kind = definition.asks_kind or questionnaire.sector == "administration"
    title = f"{questionnaire.title} ({version})"
    content = render_forms(PaperForm(definition, title, "", "", asks_kind, language), [])
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="phieu-{key}-{version}.pdf"'
    return answer
