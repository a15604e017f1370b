"""/desk/questionnaires/<key>/uses/<province>: where a questionnaire is asked, for what and how long."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action, Resource, require
from survey.foundation.access import NOTHING, Names, Of, needs
from survey.foundation.clock import today
from survey.questionnaires import queries, use_queries
from survey.questionnaires.models import Questionnaire
from survey.questionnaires.routes import blueprint
from survey.questionnaires.use_form import UseForm
from survey.questionnaires.uses import end_use, put_to_use
from survey.registry.models import Province
from survey.registry.queries import find_province


@blueprint.route("/<key>/uses/<province>", methods=["GET", "POST"])
@needs(Action.EDIT_QUESTIONNAIRES, Of.PROVINCE, names={"agency": Names.AGENCY, "counter": Names.COUNTER})
def uses(key: str, province: str) -> str | Response | tuple[str, int]:
    """Where it is asked in a province, and a form to ask it somewhere else."""
    questionnaire, place = _required(key, province)
    form = UseForm(data={"since": today()}).offer(place.id, questionnaire.sector)
    if form.validate_on_submit():
        is_new = put_to_use(key, place.id, form.terms(), form.words())
        flash(_("Đã ghi nơi hỏi phiếu này.") if is_new else _("Phiếu này đã được hỏi như vậy."), "success")
        return redirect(url_for("questionnaires.uses", key=key, province=province))
    page = render_template(
        "questionnaires/uses.html",
        questionnaire=questionnaire,
        province=place,
        form=form,
        rows=use_queries.fetch_uses(key, place.id, today()),
        day=today(),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<key>/uses/<province>/<int:use_id>/end")
@needs(Action.EDIT_QUESTIONNAIRES, Of.PROVINCE, names=NOTHING)
def end(key: str, province: str, use_id: int) -> Response:
    """Ask it there no more."""
    _questionnaire, place = _required(key, province)
    ended = end_use(key, place.id, use_id)
    words = _("Từ hôm nay không hỏi như vậy nữa.") if ended else _("Nơi hỏi này không còn.")
    flash(words, "success" if ended else "error")
    return redirect(url_for("questionnaires.uses", key=key, province=province))


def _required(key: str, province: str) -> tuple[Questionnaire, Province]:
    place, questionnaire = find_province(province), queries.fetch_questionnaire(key)
    if place is None or questionnaire is None:
        abort(404)
    require(Action.EDIT_QUESTIONNAIRES, Resource(place.id, questionnaire.sector, None))
    if not any(version.published_at for version in queries.fetch_versions(key)):
        abort(404)
    return questionnaire, place
