"""How the writer of a case may be reached, for who handles it: asked for each time, and logged without what it is."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action
from survey.feedback.case_page import ANSWER, blueprint, case_for, is_in_hand, render_case
from survey.feedback.follow.contacts import open_contact
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.changes import audit
from survey.foundation.storage.database import writing


@blueprint.post("/<int:case_id>/contact")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def contact(case_id: int) -> Response | str:
    """Show it once, to who handles the case."""
    province_id = case_for(case_id, ANSWER).province_id
    if not is_in_hand(case_id):
        abort(403)
    opened = open_contact(case_id)
    if opened is None:
        flash(_("Người viết không để lại cách liên hệ, đã rút lại, hoặc đã hết hạn giữ."), "error")
        return redirect(url_for("feedback.page", case_id=case_id))
    with writing() as session:
        audit.record(session, "read_contact", "feedback", case_id, province_id=province_id, after={"count": 1})
    return render_case(case_for(case_id, ANSWER), contact=opened)
