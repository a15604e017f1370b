"""Paper at the desk: print forms for a counter, and open batches of them."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, abort, redirect, render_template, url_for
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import VIEW, Action, Resource, allowed, can_anywhere, grants_allowing, require
from survey.channels.paper import service
from survey.channels.paper.forms import BatchForm, RunForm
from survey.channels.paper.numbers import printed, serials_of
from survey.channels.paper.queries import (
    AskedAt,
    RunRow,
    fetch_batches,
    fetch_published,
    fetch_run,
    fetch_runs,
    fetch_service_ids,
)
from survey.channels.paper.run_printing import FEW, KIND, render_run
from survey.channels.printing.jobs import start
from survey.channels.web.queries import CounterRow, fetch_counter
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.clock import today
from survey.foundation.identifiers import is_code
from survey.foundation.pages.form_fields import choices
from survey.foundation.pages.menu import Page, register_page
from survey.foundation.storage.database import db
from survey.questionnaires.counter_services import ServiceOffered, offers_at

ENTER = Action.ENTER_FORMS
AUDITED_AS_HANDED_IN = "each form says who typed and who checked it; its batch is audited as it is handed in"
blueprint = Blueprint("paper", __name__, url_prefix="/desk")
PAGES = frozenset({"paper.counter", "paper.run", "paper.type_forms", "paper.check"})


def init_paper(app: Flask) -> None:
    """Register the pages and their place in the menu."""
    app.register_blueprint(blueprint)
    register_page(
        app, Page("collecting", 15, "paper.index", lazy_gettext("Phiếu giấy"), lambda: can_anywhere(ENTER), PAGES)
    )


@blueprint.get("/paper")
@needs(ENTER, Of.ANYTHING)
def index() -> str:
    """The runs and batches of the counters one may enter forms for."""
    if not can_anywhere(ENTER):
        abort(403)
    provinces = {grant.province_id for grant in grants_allowing(current_user, ENTER)}
    runs = [row for row in fetch_runs(db.session(), provinces) if allowed(ENTER, resource_of(row))]
    return render_template("paper/index.html", runs=runs, batches=fetch_batches(db.session(), runs))


@blueprint.route("/counters/<code>/paper", methods=["GET", "POST"])
@needs(ENTER, Of.OBJECT, names=NOTHING)
def counter(code: str) -> str | AnyResponse | tuple[str, int]:
    """Print forms of a version for a counter; each run has numbers of its own."""
    row, sectors = counter_to_enter_for(code)
    form = RunForm()
    versions = fetch_published(db.session(), sectors)
    form.version.choices = choices({str(id_): f"{title} ({key}, {number})" for id_, key, number, title in versions})
    if not form.validate_on_submit():
        return render_template("paper/counter.html", form=form, row=row), 422 if form.errors else 200
    (chosen,) = [version for version in versions if str(version[0]) == form.version.data]
    about = {"province_id": row.province_id, "counter": row.code, "questionnaire": f"{chosen[1]} {chosen[2]}"}
    count = form.count.data or 0
    run_id = service.make_run(row.place.counter_id, chosen[0], form.language.data, count, current_user.id, about)
    return redirect(url_for("paper.run", run_id=run_id), 303)


@blueprint.route("/paper/runs/<int:run_id>", methods=["GET", "POST"])
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=AUDITED_AS_HANDED_IN)
def run(run_id: int) -> str | AnyResponse | tuple[str, int]:
    """A run: its file to print, its batches, and a new one."""
    row = found_run(run_id)
    services = {service.code: service.name for service in _services(row)}
    form = BatchForm(data={"answered_on": today()})
    form.service.choices = choices({"": "-"} | services)
    if form.validate_on_submit() and form.answered_on.data:
        service_id = fetch_service_ids(db.session(), [form.service.data or ""]).get(form.service.data or "")
        expected = form.expected.data or 0
        batch_id = service.open_batch(run_id, form.answered_on.data, expected, service_id, current_user.id)
        return redirect(url_for("paper.type_forms", batch_id=batch_id), 303)
    numbers = [printed(serial) for serial in serials_of(run_id, row.run.count)]
    batches = fetch_batches(db.session(), [row])
    page = render_template(
        "paper/run.html", form=form, row=row, numbers=numbers, batches=batches, is_long=row.run.count > FEW
    )
    return page, 422 if form.errors else 200


@blueprint.get("/paper/runs/<int:run_id>.pdf")
@needs(ENTER, Of.OBJECT)
def run_pdf(run_id: int) -> AnyResponse:
    """The forms of a run; printed again they bear the same numbers."""
    row = found_run(run_id)
    if row.run.count > FEW:
        return redirect(url_for("paper.run", run_id=run_id), 303)
    answer = Response(render_run(row, serials_of(run_id, row.run.count)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="phieu-giay-{run_id}.pdf"'
    return answer


@blueprint.post("/paper/runs/<int:run_id>/print")
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited="a file to print changes nothing")
def print_run(run_id: int) -> AnyResponse:
    """Make the file of a long run behind a page of its own; a short one comes at once."""
    if found_run(run_id).run.count <= FEW:
        return redirect(url_for("paper.run_pdf", run_id=run_id), 303)
    return redirect(url_for("prints.page", job_id=start(KIND, {"run": run_id}, current_user.id)), 303)


def resource_of(row: AskedAt) -> Resource:
    """What entering answers there touches."""
    return Resource(row.province_id, row.sector, row.agency_id)


def found_run(run_id: int) -> RunRow:
    """A run, if the user may enter its forms; else the request ends with 404 or 403."""
    row = fetch_run(db.session(), run_id)
    if row is None:
        abort(404)
    require(ENTER, resource_of(row))
    return row


def _services(row: RunRow) -> tuple[ServiceOffered, ...]:
    counter_row = fetch_counter(db.session(), row.counter)
    if counter_row is None:
        return ()
    return offers_at(db.session(), [counter_row.place])[counter_row.place.counter_id].services_of(row.sector)


def counter_to_enter_for(code: str) -> tuple[CounterRow, list[str]]:
    """The counter, and the sectors whose forms the user may enter there."""
    row = fetch_counter(db.session(), code) if is_code(code) else None
    if row is None:
        abort(404)
    sectors = offers_at(db.session(), [row.place])[row.place.counter_id].sectors
    at = {sector: Resource(row.province_id, sector, row.place.agency_id) for sector in sectors}
    anywhere = list(at.values()) or [Resource(row.province_id, None, row.place.agency_id)]
    if not any(allowed(VIEW, resource) for resource in anywhere):
        abort(404)
    mine = [sector for sector, resource in at.items() if allowed(ENTER, resource)]
    if not mine:
        abort(403)
    return row, mine
