"""/desk/feedback/new: a clerk enters what came on paper or by telephone and prints the slip with the code."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, render_template, request
from flask_login import current_user

from survey.accounts.agency_access import agencies_seen, provinces_seen
from survey.accounts.permissions import Action, Resource, can_anywhere, require
from survey.feedback import queries
from survey.feedback.codes import grouped
from survey.feedback.entering import Entry, enter
from survey.feedback.forms import EntryForm
from survey.foundation.access import Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.identifiers import new_id, parse_id
from survey.foundation.pages.qr_drawing import qr_path
from survey.foundation.security.sealed import seal, unseal

PURPOSE = "feedback entry"
ENTER = Action.ENTER_FORMS

blueprint = Blueprint("feedback_entry", __name__, url_prefix="/desk/feedback/new")


def _places() -> dict[str, tuple[int, int, str]]:
    """Province, id and name of the agencies a clerk may enter something about, by code."""
    places: dict[str, tuple[int, int, str]] = {}
    for province in provinces_seen(current_user):
        own = agencies_seen(current_user, province.id, ENTER)
        for code, (id_, name) in queries.fetch_agency_choices(province.id, today()).items():
            if own is None or id_ in own:
                places[code] = (province.id, id_, name)
    return places


def _form(places: dict[str, tuple[int, int, str]]) -> EntryForm:
    form = EntryForm()
    form.agency.choices = [(code, name) for code, (_province, _id, name) in places.items()]
    form.token.data = form.token.data or seal(PURPOSE, str(new_id()))
    return form


def _id_of(agency_id: int, *said: str) -> uuid.UUID:
    """The same form sent again is the same case; with what the next citizen says, after going back, it is another."""
    try:
        form_id = parse_id(unseal(PURPOSE, request.form.get("token", "")))
    except ValueError:
        return new_id()
    return uuid.uuid5(form_id, "\0".join((str(agency_id), *said)))


@blueprint.get("")
@needs(Action.ENTER_FORMS, Of.ANYTHING)
def new() -> str:
    """The form."""
    if not can_anywhere(ENTER):
        abort(403)
    return render_template("feedback/new.html", form=_form(_places()))


@blueprint.post("")
@needs(Action.ENTER_FORMS, Of.FORM, names={"agency": Names.AGENCY})
def take() -> str | tuple[str, int]:
    """Open the case; the slip is shown once."""
    if not can_anywhere(ENTER):
        abort(403)
    places = _places()
    form = _form(places)
    if not form.validate_on_submit():
        return render_template("feedback/new.html", form=form), 422
    province_id, agency_id, name = places[form.agency.data]
    require(ENTER, Resource(province_id, form.sector.data, agency_id))
    said = (form.sector.data, form.channel.data, form.text.data or "")
    entry = Entry(_id_of(agency_id, *said), province_id, agency_id, *said)
    code = enter(entry, int(current_user.id))
    address = f"{current_app.extensions['settings'].public_url}/p/{code}"
    return render_template("feedback/slip.html", code=grouped(code), agency=name, address=address, qr=qr_path(address))
