"""The desk's page that voids codes of a counter: slips that were lost, stolen or misprinted."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from survey.accounts.permissions import Action
from survey.channels.tickets.offered import counter_to_make_for
from survey.channels.tickets.voiding import UnknownCodes, void_tickets
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.formatting import number, with_count

MOST = 100_000  # characters pasted
SHOWN = 10  # unknown codes named

blueprint = Blueprint("ticket_voiding", __name__)


class VoidForm(FlaskForm):
    """The codes, a line each."""

    codes = TextAreaField(_l("Các mã"), [InputRequired(_l("Ghi ít nhất một mã.")), Length(max=MOST)])


@blueprint.route("/desk/counters/<code>/tickets/void", methods=["GET", "POST"])
@needs(Action.MAKE_TICKETS, Of.OBJECT, names=NOTHING)
def void(code: str) -> str | AnyResponse | tuple[str, int]:
    """Void codes of a counter, all that are given or none."""
    row, _services, sectors = counter_to_make_for(code)
    form = VoidForm()
    if form.validate_on_submit():
        typed = [line.strip() for line in (form.codes.data or "").splitlines() if line.strip()]
        try:
            voided = void_tickets(typed, row.place.counter_id, sectors=sectors)
        except UnknownCodes as problem:
            named = ", ".join(typed[place] for place in problem.places[:SHOWN])
            more = ", …" if len(problem.places) > SHOWN else ""
            form.codes.errors = [_("Quầy này không có mã: %(codes)s. Chưa hủy mã nào.", codes=named + more)]
        else:
            flash(
                with_count("Đã hủy %(count)s mã.", voided.now, count=number(voided.now)),
                "success",
            )
            return redirect(url_for("tickets.batch", code=row.code))
    page = render_template("channels/ticket_void.html", form=form, row=row)
    return page, 422 if form.errors else 200
