"""One call after the other: the questions to read aloud, boxes to type the answers into, what else may come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Action
from survey.channels.paper.arrangement import arranged, numbered
from survey.channels.paper.typed import read_form
from survey.channels.phone import service
from survey.channels.phone.contact_file import Contact
from survey.channels.phone.models import PhoneContact
from survey.channels.phone.queries import ListRow, fetch_contact
from survey.channels.phone.routes import Answer, blueprint, found_list
from survey.channels.phone.script import script
from survey.channels.phone.service import Refused
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.storage.database import db
from survey.questionnaires.definition import Definition
from survey.questionnaires.packs.texts import worded

ENTER = Action.ENTER_FORMS
SAID_AT_THE_CONTACT = "each contact says what came of it; answers are no change of an official's"
BUTTONS = {
    "no_answer": _l("Không nghe máy"),
    "call_again": _l("Gọi lại sau 2 giờ"),
    "call_tomorrow": _l("Gọi lại ngày mai"),
    "refused": _l("Từ chối trả lời"),
    "wrong_number": _l("Sai số"),
}


@blueprint.post("/phone/lists/<int:list_id>/next")
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=SAID_AT_THE_CONTACT)
def call_next(list_id: int) -> AnyResponse:
    """Take whom to call next."""
    return _next(found_list(list_id))


@blueprint.route("/phone/contacts/<int:contact_id>", methods=["GET", "POST"])
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=SAID_AT_THE_CONTACT)
def interview(contact_id: int) -> Answer:
    """Interview somebody: what is typed is on disk when the next call is shown."""
    contact, row = _found(contact_id)
    person = service.whom(contact, current_user.id)
    if person is None:
        return _elsewhere(row, _("Cuộc gọi này đã có kết quả, hoặc do người khác gọi."))
    if request.method == "GET":
        return _page(row, contact, person, {}, {})
    form = read_form(Definition.parse(row.definition), request.form)
    if not form.errors:
        try:
            service.take_answer(row, contact_id, form.content, current_user.id)
        except Refused as refusal:
            form.errors[Definition.parse(row.definition).overall_items[0].code] = str(refusal)
        else:
            flash(_("Đã ghi nhận; mã hồ sơ và số điện thoại đã xóa."), "success")
            return _next(row)
    return _page(row, contact, person, request.form, form.errors), 422


@blueprint.post("/phone/contacts/<int:contact_id>/outcome")
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=SAID_AT_THE_CONTACT)
def outcome(contact_id: int) -> Answer:
    """Note that a call brought no answer, and go on to the next."""
    _contact, row = _found(contact_id)
    came = request.form.get("outcome", "")
    if came not in BUTTONS:
        return _elsewhere(row, _("Chọn kết quả cuộc gọi bằng một trong các nút."))
    try:
        service.note_outcome(contact_id, came, current_user.id)
    except Refused as refusal:
        return _elsewhere(row, str(refusal))
    return _next(row)


def _found(contact_id: int) -> tuple[PhoneContact, ListRow]:
    contact = fetch_contact(db.session(), contact_id)
    if contact is None:
        abort(404)
    return contact, found_list(contact.list_id)


def _next(row: ListRow) -> AnyResponse:
    contact_id = service.take_next(row, current_user.id)
    if contact_id is None:
        return _elsewhere(row, _("Lúc này không còn ai để gọi trong danh sách."), "success")
    return redirect(url_for("phone.interview", contact_id=contact_id), 303)


def _elsewhere(row: ListRow, why: str, kind: str = "error") -> AnyResponse:
    flash(why, kind)
    return redirect(url_for("phone.calls", list_id=row.list.id), 303)


def _page(
    row: ListRow, contact: PhoneContact, person: Contact, boxes: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    definition = worded(Definition.parse(row.definition), row.list.language)
    return render_template(
        "phone/interview.html",
        row=row,
        contact=contact,
        person=person,
        parts=arranged(definition, row.list.language),
        places=numbered(definition),
        asks_kind=definition.asks_kind or row.sector == "administration",
        boxes=boxes,
        errors=errors,
        buttons=BUTTONS,
        said=script(definition, row.list.language),
    )
