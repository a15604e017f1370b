"""The page of one case: what its reader may see of it, and the forms of what they may do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm

from survey.accounts.permissions import Action
from survey.feedback import queries
from survey.feedback.flow import Holder
from survey.feedback.follow.contacts import contact_until
from survey.feedback.forms import AnswerForm, ClassifyForm, NoteForm, PublicationForm
from survey.feedback.holders import HolderChoices, holder_choices
from survey.feedback.kinds import KIND_WORDS, OUTCOME_WORDS
from survey.feedback.models import ANSWERED, ASSIGNED, CLASSIFIED, CLOSED, RECEIVED, FeedbackCase
from survey.feedback.publication_queries import find_publication
from survey.feedback.publishing import can_be_published
from survey.feedback.reach_queries import in_hand, reached, reached_from_above
from survey.feedback.rules import is_threat, rules
from survey.foundation.clock import today
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SCALE, SECTORS, SUBJECTS
from survey.responses.masking import mask

VIEW, ANSWER, OPENING = Action.VIEW_COMMENTS, Action.ANSWER_FEEDBACK, Action.OPEN_FEEDBACK
STATE_WORDS = {
    RECEIVED: _l("Mới nhận"),
    CLASSIFIED: _l("Đã phân loại"),
    ASSIGNED: _l("Đang xử lý"),
    ANSWERED: _l("Đã trả lời"),
    CLOSED: _l("Đã khép lại"),
}
STEP_WORDS = {
    "classified": _l("Phân loại"),
    "redirected": _l("Hướng dẫn đến nơi có thẩm quyền, khép lại"),
    "assigned": _l("Giao xử lý"),
    "answered": _l("Trả lời"),
    "closed": _l("Khép lại"),
    "helped": _l("Người viết: đã giải quyết được"),
    "not_helped": _l("Người viết: chưa giải quyết được"),
    "reopened": _l("Người viết: chưa giải quyết được, xem lại"),
    "note": _l("Ghi chú nội bộ"),
    "released": _l("Đưa vào danh sách xử lý"),
    "screened_out": _l("Khép lại khi sàng lọc"),
    "proposed": _l("Đề nghị công khai"),
    "published": _l("Công khai"),
    "withdrawn": _l("Rút khỏi công khai"),
}

blueprint = Blueprint("feedback", __name__, url_prefix="/desk/feedback")


@blueprint.context_processor
def words() -> dict[str, object]:
    """Words for the templates."""
    return {
        "states": STATE_WORDS,
        "kinds": KIND_WORDS,
        "outcomes": OUTCOME_WORDS,
        "step_words": STEP_WORDS,
        "scale": SCALE,
        "sectors": SECTORS,
        "subjects": SUBJECTS,
        "mask": mask,
        "is_threat": is_threat,
    }


def case_for(case_id: int, action: Action) -> FeedbackCase:
    """A case the user may do this with.

    Raises:
        NotFound: they may not even see it.
        Forbidden: they may see it but not do this.
    """
    session = db.session()
    case = queries.fetch_case(case_id, reached(session, current_user, VIEW))
    if case is None:
        abort(404)
    if action != VIEW and not queries.is_within(case_id, reached(session, current_user, action)):
        abort(403)
    return case


def classify_form(case: FeedbackCase, options: HolderChoices, **sent: Any) -> ClassifyForm:
    """The form that decides the kind and hands the case on, filled with what stands or is proposed.

    `formdata=None`: another form of the page was sent.
    """
    held = Holder(case.holder_id, case.holder_sector)
    chosen = options.choice_of(held) if case.state == ASSIGNED else options.proposed
    about = {"regulation": case.regulation, "costs": case.costs, "proposal": case.proposal}
    values = about | {"kind": case.kind, "holder": chosen}
    form = ClassifyForm(options.accused, data=values, **sent)
    form.holder.choices = list(options.words.items())
    return form


def _answer_form(case: FeedbackCase) -> AnswerForm:
    return AnswerForm(case.kind, formdata=None, data={"answer": case.answer, "outcome": case.outcome or ""})


def _publication_form(case: FeedbackCase) -> PublicationForm:
    return PublicationForm(formdata=None, data={"said": mask(case.words), "reply": mask(case.answer or "")})


def is_in_hand(case_id: int) -> bool:
    """Whether the signed-in user's own office handles a case now."""
    return queries.is_within(case_id, in_hand(current_user, ANSWER))


def render_case(
    case: FeedbackCase, sent: FlaskForm | None = None, *, stale: bool = False, contact: str | None = None
) -> str:
    """The page; `sent`: a form that is given back as it was typed; `stale`: somebody else was faster.

    `contact`: how the writer may be reached, once it was asked for.
    """
    session = db.session()
    above = queries.is_within(case.id, reached_from_above(current_user, VIEW))
    forms: dict[str, FlaskForm] = {}
    if queries.is_within(case.id, reached(session, current_user, ANSWER)):
        unsent = classify_form(case, holder_choices(case), formdata=None)
        forms = {"classify": unsent, "answer": _answer_form(case), "note": NoteForm(formdata=None)}
        if can_be_published(case):
            forms["publication"] = _publication_form(case)
        forms = {name: sent if isinstance(sent, type(form)) else form for name, form in forms.items()}
    publication = find_publication(session, case.id)
    return render_template(
        "feedback/case.html",
        case=case,
        forms=forms,
        sent=sent,
        stale=stale,
        day=today(),
        templates=rules().replies,
        contact=contact,
        may_contact=contact_until(case.id) if is_in_hand(case.id) else None,
        publication=publication,
        may_publish=publication is not None and publication.proposed_by_id != int(current_user.id),
        **_ballot(case, above=above),
    )


def _ballot(case: FeedbackCase, *, above: bool) -> dict[str, Any]:
    """The rating and service beside the words: for the level above, and for the rated agency where the citizen said so.

    The rating moves with the release gate for everybody.
    """
    if case.response is None or not (above or case.shares_rating):
        return {"ratings": {}, "service": None}
    held = queries.is_held_back(case)
    service = queries.fetch_service(case.response.service_id)
    ratings = {} if held else queries.fetch_ratings(case.response.id)
    return {"ratings": ratings, "service": service}
