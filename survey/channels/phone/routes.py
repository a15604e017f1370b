"""Telephone at the desk: make a list of dossiers to call for a counter, and see what came of the calls."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Action, allowed, can_anywhere, grants_allowing, require
from survey.channels.paper.queries import fetch_published, fetch_service_ids
from survey.channels.paper.routes import counter_to_enter_for, resource_of
from survey.channels.phone import service
from survey.channels.phone.contact_file import read_contacts
from survey.channels.phone.forms import ListForm
from survey.channels.phone.models import ANSWERED, CALL_AGAIN, NO_ANSWER, OUTCOMES, REFUSED, WAITING, WRONG_NUMBER
from survey.channels.phone.queries import ListRow, count_open, fetch_list, fetch_lists, fetch_outcomes
from survey.channels.phone.service import Refused, Wanted
from survey.channels.web.queries import CounterRow
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.clock import today
from survey.foundation.formatting import number, with_count
from survey.foundation.pages.form_fields import choices
from survey.foundation.pages.menu import Page, register_page
from survey.foundation.storage.database import db
from survey.foundation.tables.cells import TableRefused
from survey.questionnaires.counter_services import offers_at

ENTER = Action.ENTER_FORMS
USUAL = dt.timedelta(days=14)
PAGES = frozenset({"phone.new_list", "phone.calls", "phone.interview"})
OUTCOME_WORDS = {
    ANSWERED: _l("Đã trả lời"),
    REFUSED: _l("Từ chối"),
    NO_ANSWER: _l("Không nghe máy"),
    WRONG_NUMBER: _l("Sai số"),
    CALL_AGAIN: _l("Hẹn gọi lại"),
    WAITING: _l("Chưa gọi"),
}
Answer = str | AnyResponse | tuple[str, int]

blueprint = Blueprint("phone", __name__, url_prefix="/desk")


def init_phone(app: Flask) -> None:
    """Register the pages and their place in the menu."""
    app.register_blueprint(blueprint)
    register_page(app, Page("collecting", 16, "phone.index", _l("Điện thoại"), lambda: can_anywhere(ENTER), PAGES))


@blueprint.get("/phone")
@needs(ENTER, Of.ANYTHING)
def index() -> str:
    """The lists of the counters one may enter answers for."""
    if not can_anywhere(ENTER):
        abort(403)
    provinces = {grant.province_id for grant in grants_allowing(current_user, ENTER)}
    rows = [row for row in fetch_lists(db.session(), provinces) if allowed(ENTER, resource_of(row))]
    outcomes = fetch_outcomes(db.session(), [row.list.id for row in rows])
    return render_template("phone/index.html", rows=rows, outcomes=outcomes, words=OUTCOME_WORDS)


@blueprint.route("/counters/<code>/phone", methods=["GET", "POST"])
@needs(ENTER, Of.OBJECT, names=NOTHING)
def new_list(code: str) -> Answer:
    """Make a list for a counter from a file of dossiers."""
    row, sectors = counter_to_enter_for(code)
    offer = offers_at(db.session(), [row.place])[row.place.counter_id]
    services = {offered.code: offered.name for sector in sectors for offered in offer.services_of(sector)}
    form = ListForm(data={"last_day": today() + USUAL})
    versions = fetch_published(db.session(), sectors)
    titles = {str(id_): f"{title} ({key}, {n})" for id_, key, n, title in versions}
    form.version.choices = choices(titles)
    form.service.choices = choices({"": "-"} | services)
    if form.validate_on_submit() and form.last_day.data:
        try:
            return redirect(url_for("phone.calls", list_id=_make(row, form, form.last_day.data, titles)), 303)
        except TableRefused as refusal:
            at = _("Dòng %(line)s:", line=refusal.line) if refusal.line else ""
            form.file.errors = [f"{at} {refusal.message} {refusal.mend}".strip()]
        except Refused as refusal:
            form.file.errors = [str(refusal)]
    return render_template("phone/new_list.html", form=form, row=row), 422 if form.errors else 200


@blueprint.get("/phone/lists/<int:list_id>")
@needs(ENTER, Of.OBJECT)
def calls(list_id: int) -> str:
    """A list: what came of its calls, and the next one."""
    row = found_list(list_id)
    counts = fetch_outcomes(db.session(), [list_id])[list_id]
    return render_template(
        "phone/calls.html",
        row=row,
        counts=[(OUTCOME_WORDS[outcome], counts.get(outcome, 0)) for outcome in OUTCOMES],
        answered=counts.get(ANSWERED, 0),
        open=count_open(db.session(), list_id),
        is_over=row.list.last_day < today(),
    )


@blueprint.post("/phone/lists/<int:list_id>/close")
@needs(ENTER, Of.OBJECT, names=NOTHING)
def close(list_id: int) -> AnyResponse:
    """End a list's calls and erase whoever was not reached."""
    erased = service.close_list(found_list(list_id))
    flash(_("Đã xóa mã hồ sơ và số điện thoại của %(n)s người chưa gọi được.", n=number(erased)), "success")
    return redirect(url_for("phone.calls", list_id=list_id), 303)


def found_list(list_id: int) -> ListRow:
    """A list, if the user may call its people; else the request ends with 404 or 403."""
    row = fetch_list(db.session(), list_id)
    if row is None:
        abort(404)
    require(ENTER, resource_of(row))
    return row


def _make(row: CounterRow, form: ListForm, last_day: dt.date, titles: dict[str, str]) -> int:
    read = read_contacts(form.file.data.read())
    chosen = form.service.data or ""
    about = {
        "province_id": row.province_id,
        "counter": row.code,
        "questionnaire": titles[form.version.data],
    }
    wanted = Wanted(
        counter_id=row.place.counter_id,
        version_id=int(form.version.data),
        service_id=fetch_service_ids(db.session(), [chosen]).get(chosen),
        language=form.language.data,
        last_day=last_day,
        about=about,
    )
    made = service.make_list(wanted, read.contacts, form.draw.data, current_user.id)
    said = [with_count("Đã rút %(n)s hồ sơ để gọi; tệp không được giữ lại.", made.drawn)]
    if made.known:
        said.append(with_count("%(n)s hồ sơ đã có trong danh sách trước nên bỏ ra.", made.known))
    if read.repeated:
        said.append(with_count("%(n)s hồ sơ trùng số điện thoại nên bỏ ra.", read.repeated))
    flash(" ".join(said), "success")
    return made.list_id
