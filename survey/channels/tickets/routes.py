"""/t/<ticket>: the form behind a single-use code; and the desk's page that makes a batch of them for a counter."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from survey.accounts.current_user import csrf
from survey.accounts.permissions import Action
from survey.channels.tickets import service as tickets
from survey.channels.tickets.interface import blueprint as interface
from survey.channels.tickets.key_routes import blueprint as key_pages
from survey.channels.tickets.offered import counter_to_make_for
from survey.channels.tickets.queries import TicketRow
from survey.channels.tickets.slips import printed_slips
from survey.channels.tickets.voiding_routes import blueprint as voiding
from survey.channels.web import pages, qr, tokens
from survey.channels.web.counters import NoForm, OpenCounter
from survey.channels.web.pages import SendTo
from survey.channels.web.queries import CounterRow
from survey.channels.web.service import carry_over, take_answer
from survey.channels.web.tokens import Token
from survey.feedback.service import code_if_opened
from survey.foundation.access import NOTHING, Of, needs, public
from survey.foundation.clock import start_of_day, today
from survey.foundation.pages.form_fields import DayField, WholeNumberField, choices
from survey.foundation.pages.light_pages import light_page
from survey.foundation.tables.csv_output import csv_text

FILES = {
    "csv": _l("CSV (cho phần mềm in phiếu hẹn)"),
    "slip": _l("PDF: phiếu nhỏ, 8 phiếu mỗi tờ A4"),
    "receipt": _l("PDF: giấy cuộn 80 mm"),
}
MOST_PRINTED = 400
COLUMNS = ("code", "address", "expires", "agency", "counter", "service")

blueprint = Blueprint("tickets", __name__)


class BatchForm(FlaskForm):
    """How many tickets, for what."""

    service = SelectField(_l("Dịch vụ"), default="")
    count = WholeNumberField(
        _l("Số mã"),
        [InputRequired(_l("Ghi số mã cần in."))],
        default=100,
        low=1,
        high=tickets.MOST,
        message=_l("Từ 1 đến 2000 mã mỗi lần."),
    )
    file = SelectField(_l("Tệp tải về"), choices=choices(FILES), default="csv")
    expires = DayField(_l("Dùng được đến hết ngày"), [InputRequired(_l("Ghi ngày cuối cùng dùng được."))])

    def validate_count(self, field: WholeNumberField) -> None:
        """A file to print is laid out while one waits."""
        if self.file.data != "csv" and field.data is not None and field.data > MOST_PRINTED:
            raise ValidationError(_("Tệp để in có tối đa %(n)s mã mỗi lần; CSV nhiều hơn.", n=MOST_PRINTED))

    def validate_expires(self, field: DayField) -> None:
        """From today on, and not for ever."""
        if field.data is not None and not today() <= field.data <= today() + tickets.LONGEST:
            raise ValidationError(_("Chọn một ngày từ hôm nay đến 400 ngày sau."))


def init_tickets(app: Flask) -> None:
    """Register the pages; `send` carries a signed token of its own instead of a session's."""
    app.register_blueprint(blueprint)
    app.register_blueprint(voiding)
    app.register_blueprint(key_pages)
    app.register_blueprint(interface)
    csrf.exempt(send)
    csrf.exempt(interface)


@blueprint.get("/t/<ticket>")
@public("a citizen with a single-use code", printed="single-use codes on dossier receipts")
def form(ticket: str) -> ResponseReturnValue:
    """The form; whether the code was used is said only to who sends an answer that would use it."""
    ticket_row = tickets.find_ticket(ticket)
    if ticket_row is None:
        return _no_ticket("unknown")
    if over := tickets.over(ticket_row):
        return _no_ticket(over)
    counter = tickets.counter_of(ticket_row, pages.wanted_form())
    if isinstance(counter, NoForm):
        return pages.no_form(counter), 404
    token = tokens.issue(_name(ticket_row), counter.questionnaire)
    return pages.untouched_form(counter, token, _send_to(ticket)), 200, pages.FORM_HEADERS


@blueprint.post("/t/<ticket>")
@public("a citizen with a single-use code", proof="a signed token of its own; there is no session to ride on")
def send(ticket: str) -> ResponseReturnValue:
    """Take the answer and thank for it; the same form again is thanked, another visit is told that it was used."""
    ticket_row = tickets.find_ticket(ticket)
    if ticket_row is None:
        return _no_ticket("unknown")
    token = tokens.read(_name(ticket_row), request.form.get("token", ""))
    shown = token.questionnaire if token and not pages.is_to_other_form() else None
    counter = tickets.counter_of(ticket_row, pages.wanted_form(shown))
    if token is not None and tickets.has_brought(ticket_row, token.response_id):
        agency = counter.agency
        return pages.thank(ticket_row.counter, agency, again=True, case=code_if_opened(token.response_id)), 200
    if over := tickets.over(ticket_row):
        return _no_ticket(over)
    if isinstance(counter, NoForm):
        return pages.no_form(counter), 404
    try:
        return _answered(ticket_row, counter, ticket, token)
    except tickets.TicketUsed:
        now_stands = tickets.find_ticket(ticket)  # it may have been voided a moment ago
        return _no_ticket((now_stands and tickets.over(now_stands)) or "used")


def _no_ticket(reason: Literal["unknown", "used", "expired", "voided"]) -> tuple[str, int]:
    return light_page("channels/ticket.html", reason=reason), 404 if reason == "unknown" else 410


def _answered(ticket: TicketRow, counter: OpenCounter, code: str, token: Token | None) -> ResponseReturnValue:
    if pages.is_to_other_form():
        outcome = carry_over(counter, request.form, token, _name(ticket))
    else:
        outcome = take_answer(
            counter,
            request.form,
            token,
            issued_for=_name(ticket),
            hand_in=lambda submission: tickets.receive_with(ticket.id, submission),
            channel="ticket",
            switched=pages.SWITCHED in request.args,
        )
    if outcome.form is None:
        told = {"again": outcome.result == "again", "rates": outcome.rates}
        return pages.thank(counter.code, counter.agency, **told, case=outcome.case), 200
    page = pages.answered_form(counter, outcome.form, outcome.token, outcome.notice, _send_to(code))
    return page, outcome.status, pages.FORM_HEADERS


@blueprint.route("/desk/counters/<code>/tickets", methods=["GET", "POST"])
@needs(Action.MAKE_TICKETS, Of.OBJECT, names=NOTHING)
def batch(code: str) -> str | Response | tuple[str, int]:
    """Make tickets for a counter; the file is the only place where their codes stand."""
    row, services, sectors = counter_to_make_for(code)
    form = BatchForm(data={"expires": today() + tickets.GOOD_FOR})
    every = {"": _("(mọi dịch vụ của quầy)")} if sectors is None else {}
    form.service.choices = choices(every | services)
    if not form.validate_on_submit():
        page = render_template("channels/ticket_batch.html", form=form, row=row)
        return page, 422 if form.errors else 200
    service = form.service.data or ""
    day = form.expires.data or today()
    end = start_of_day(day + dt.timedelta(days=1))
    place = (row.place.counter_id, row.code, row.province_id)
    codes = tickets.make_tickets(*place, service, form.count.data or 0, end)
    if form.file.data != "csv":
        return _printed(row, codes, day, form.file.data)
    where = [day.isoformat(), row.agency, row.name, services.get(service, "")]
    lines = csv_text(COLUMNS, ([code, qr.ticket_address(code), *where] for code in codes))
    answer = Response("".join(lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="ma-mot-lan-{row.code}.csv"'
    return answer


def _printed(row: CounterRow, codes: list[str], day: dt.date, format_: str) -> Response:
    answer = Response(printed_slips(row, codes, day, format_), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="ma-mot-lan-{row.code}.pdf"'
    return answer


def _name(ticket: TicketRow) -> str:
    # What a token is signed for: no counter has such a code, so a counter's token opens no ticket.
    return f"ticket {ticket.id}"


def _send_to(ticket: str) -> SendTo:
    return SendTo("tickets.send", {"ticket": ticket})
