"""The desk's page of an agency's access keys: made, shown once, revoked."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from survey.accounts.agency_access import UserScope, agency_seen
from survey.accounts.permissions import Action
from survey.channels.tickets.key_queries import fetch_keys
from survey.channels.tickets.keys import make_key, revoke_key
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.pages.form_fields import LineField
from survey.foundation.storage.database import db
from survey.registry.models import Agency

blueprint = Blueprint("ticket_keys", __name__, url_prefix="/desk/agencies/<code>/ticket-keys")


class KeyForm(FlaskForm):
    """What the key is for."""

    name = LineField(_l("Phần mềm dùng khóa"), [InputRequired(_l("Ghi tên phần mềm.")), Length(max=120)])


@blueprint.route("", methods=["GET", "POST"])
@needs(Action.MAKE_TICKETS, Of.OBJECT, names=NOTHING)
def page(code: str) -> str | tuple[str, int]:
    """The agency's keys; a new one is shown this once."""
    agency, sector = _agency(code)
    form, made = KeyForm(), None
    if form.validate_on_submit():
        made = make_key(agency, (form.name.data or "").strip(), sector)
        form = KeyForm(formdata=None)
    keys = fetch_keys(db.session(), agency.id, sector)
    shown = render_template("channels/ticket_keys.html", form=form, agency=agency, keys=keys, made=made)
    return shown, 422 if form.errors else 200


@blueprint.post("/<int:key_id>/revoke")
@needs(Action.MAKE_TICKETS, Of.OBJECT, names=NOTHING)
def revoke(code: str, key_id: int) -> Response:
    """Revoke a key at once."""
    agency, sector = _agency(code)
    if not revoke_key(agency, key_id, sector):
        abort(404)
    flash(_("Đã thu hồi khóa: phần mềm ấy không tạo mã được nữa."), "success")
    return redirect(url_for("ticket_keys.page", code=agency.code))


def _agency(code: str) -> tuple[Agency, str | None]:
    """The agency, and the sector of whose services the user makes tickets there; None: of all."""
    agency = agency_seen(current_user, code)
    scope = UserScope(current_user, Action.MAKE_TICKETS)
    if scope.allows(agency.province_id, None, agency.id):
        return agency, None
    sectors = scope.sectors(agency.province_id, agency.id)
    if not sectors:
        abort(403)
    return agency, sectors[0]
