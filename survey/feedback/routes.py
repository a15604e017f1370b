"""/desk/feedback: what citizens reported, by scope; the page of each case; opening one from a comment."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action, Resource, can_anywhere, require
from survey.feedback import queries, service
from survey.feedback.case_page import ANSWER, OPENING, VIEW, blueprint, case_for, render_case
from survey.feedback.floods import reports_an_hour
from survey.feedback.kinds import KIND_WORDS
from survey.feedback.models import ANSWERED, CLOSED, WAITING
from survey.feedback.queries import CaseFilter
from survey.feedback.reach_queries import reached, reached_from_above
from survey.feedback.screening_queries import fetch_floods
from survey.foundation.access import Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.identifiers import parse_id
from survey.foundation.pages.parameters import page_number
from survey.foundation.security.sealed import COMMENT, unseal
from survey.foundation.storage.database import db

SIZE = 50  # cases a page
LISTS = {"open": WAITING, "overdue": WAITING, "answered": (ANSWERED,), "closed": (CLOSED,)}
APART = {"screening": WAITING, "screened": (CLOSED,)}  # of floods: what waits for a look, what was closed after it


@blueprint.get("")
@needs(Action.VIEW_COMMENTS, Of.ANYTHING)
def index() -> str:
    """The cases the user may see: those that wait, or those in the state asked for."""
    state, kind, page = request.args.get("state", "open"), request.args.get("kind", ""), page_number(SIZE)
    if not can_anywhere(VIEW) or state not in LISTS | APART or kind not in ("", *KIND_WORDS):
        abort(404)
    session, day = db.session(), today()
    wanted = CaseFilter((LISTS | APART)[state], day if state == "overdue" else None, kind or None, state in APART)
    reach = reached(session, current_user, VIEW)
    cases = queries.fetch_cases(reach, wanted, page, SIZE)
    return render_template(
        "feedback/index.html",
        cases=cases[:SIZE],
        more=len(cases) > SIZE,
        total=queries.count_cases(reach, wanted),
        page=page,
        rated=queries.fetch_rated(cases, reached_from_above(current_user, VIEW)),
        state=state,
        kind=kind,
        day=day,
        may_enter=can_anywhere(Action.ENTER_FORMS),
        screening=queries.count_cases(reach, CaseFilter(WAITING, apart=True)),
        floods=fetch_floods(reached(session, current_user, ANSWER)) if state == "screening" else (),
        an_hour=reports_an_hour(),
    )


@blueprint.get("/<int:case_id>")
@needs(Action.VIEW_COMMENTS, Of.OBJECT)
def page(case_id: int) -> str:
    """One case."""
    return render_case(case_for(case_id, VIEW))


@blueprint.post("/open")
@needs(Action.OPEN_FEEDBACK, Of.FORM, names={"response": Names.COMMENT})
def open_from_comment() -> Response:
    """Open a case about a comment."""
    try:
        response_id = parse_id(unseal(COMMENT, request.form.get("response", "")))
    except ValueError:
        abort(404)
    asked = queries.fetch_asked(db.session(), response_id)
    if asked is None or not asked.comment:
        abort(404)
    require(OPENING, Resource(asked.province_id, asked.sector, asked.agency_id))
    case_id = service.open_case(response_id, int(current_user.id))
    flash(_("Đã mở phản ánh."), "success")
    return redirect(url_for("feedback.page", case_id=case_id))
