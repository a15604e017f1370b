"""Reports at the desk: choose recipient and period, download the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from analysis.figures.query import BadQuery
from analysis.figures.register import fetch_province
from analysis.figures.store.change_stamps import fetch_rated_years
from analysis.presentation.filter_options import periods
from analysis.reports.access import EDIT, RECEIVES, OfferedRecipient, choices, require_report
from analysis.reports.archive import ArchiveEntry, fetch_archived, fetch_entries, keep
from analysis.reports.builder import build_report
from analysis.reports.context import SATISFACTION
from analysis.reports.delivery.status import DueEntry, fetch_due
from analysis.reports.document import Report
from analysis.reports.file_names import kind_named
from analysis.reports.kinds import KINDS
from analysis.reports.office.queries import fetch_records_of
from analysis.reports.owed import owed_reports
from analysis.reports.recipients import department, departments
from analysis.reports.rendering import unprintable
from analysis.reports.rendering.renderers import ENGINES, file_name
from analysis.reports.request_form import BadChoice, wanted
from survey.accounts.permissions import Action, Resource, allowed
from survey.foundation.access import Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.pages.form_fields import DAY_LAYOUT, read_day
from survey.foundation.periods import NoSuchYear, Period
from survey.foundation.storage.database import db
from survey.registry.models import Province

MANAGE = Action.MANAGE_TARGETS
NEXT_DAYS = 45  # deadlines shown at the desk

blueprint = Blueprint("reports", __name__, url_prefix="/desk/reports")


@blueprint.get("/")
@needs(Action.VIEW, Of.ANYTHING, printed="stands in the letters that carry reports")
def index() -> str | AnyResponse | tuple[str, int]:
    """The form; once filled in, the way to the document."""
    if not request.args.get("recipient"):
        return _page(request.args)
    try:
        asked = wanted(request.args)
    except BadChoice as problem:
        return _page(request.args, str(problem)), 422
    address = url_for(
        "reports.download",
        province=asked.province,
        recipient=asked.recipient,
        period=asked.period.code,
        ending=ENGINES[request.args.get("as", "pdf")].ending if request.args.get("as", "pdf") in ENGINES else "pdf",
        cut_off=asked.cut_off,
        kind=None if asked.kind == SATISFACTION else asked.kind,
    )
    return redirect(address)


@blueprint.post("/archive")
@needs(Action.MAKE_REPORT, Of.FORM, names={"recipient": Names.RECIPIENT})
def archive() -> AnyResponse | tuple[str, int]:
    """Make a PDF, keep it in the archive for ever, and lead to it."""
    try:
        asked = wanted(request.form)
    except BadChoice as problem:
        return _page(request.form, str(problem), archiving=True), 422
    report = _made(asked.province, asked.recipient, asked.period, asked.cut_off, asked.kind)
    unprintable.tell(report.document)
    archived_id = keep(report, ENGINES["pdf"].render(report), current_user.id)
    return redirect(url_for("reports.archived", archived_id=archived_id))


def _page(filled: Mapping[str, str], problem: str = "", *, archiving: bool = False) -> str:
    """The form as it was filled in, with what was wrong; below it deadlines, due reports and the archive."""
    offered = choices(current_user)
    usual = {"period": Period.of_month(today()).previous().code, "kind": SATISFACTION}
    return render_template(
        "reports/index.html",
        choices=offered,
        filled=usual | {name: _as_date_field(name, value) for name, value in filled.items() if value},
        periods=[(heading, pairs) for heading, pairs in periods(_years(offered))],
        archiving=archiving,
        kinds={code: kind.name for code, kind in KINDS.items()},
        short_kinds={code: kind.short for code, kind in KINDS.items() if kind.short},
        names={choice.key: choice.name for choice in offered},
        sector_of={key: department(key)["sector"] for key in departments()},
        archived=(entries := _archived(offered)),
        records=fetch_records_of(
            {(entry.province, entry.recipient) for entry in entries}, {entry.period for entry in entries}
        ),
        kind_named=kind_named,
        editable={(choice.province, choice.key) for choice in choices(current_user, EDIT)},
        overview=_overview(offered),
        due=_due(offered),
        owed=owed_reports(_own(offered), NEXT_DAYS),
        forms=[(name, engine.label) for name, engine in ENGINES.items()],
        problem=problem,
    )


@blueprint.get("/archive/<int:archived_id>.pdf")
@needs(Action.MAKE_REPORT, Of.OBJECT)
def archived(archived_id: int) -> Response:
    """A PDF exactly as it was archived."""
    entry = fetch_archived(archived_id)
    if entry is None:
        abort(404)
    province = db.session.get_one(Province, entry.province_id)
    require_report(province.key, entry.recipient, Period.parse(entry.period, days=True))
    return _file(entry.content, ENGINES["pdf"].media_type, f"{entry.name}.pdf")


@blueprint.get("/<province>/<recipient>/<period>.<ending>")
@needs(Action.MAKE_REPORT, Of.OBJECT)
def download(province: str, recipient: str, period: str, ending: str) -> Response:
    """The document itself."""
    engine = next((name for name, offered in ENGINES.items() if offered.ending == ending), None)
    if engine is None:
        abort(404)
    kind = request.args.get("kind", SATISFACTION)
    report = _made(province, recipient, *_parsed(period, request.args.get("cut_off", "")), kind)
    if engine == "pdf":
        unprintable.tell(report.document)
    return _file(ENGINES[engine].render(report), ENGINES[engine].media_type, file_name(report, engine))


def _parsed(period: str, cut_off: str) -> tuple[Period, dt.date | None]:
    try:
        asked = Period.parse(period.strip(), days=True)
    except NoSuchYear:
        abort(400)
    except ValueError:
        abort(404)
    day = read_day(cut_off) if cut_off else None
    if cut_off and day is None:
        abort(400)
    return asked, day


def _made(province: str, recipient: str, period: Period, cut_off: dt.date | None, kind: str) -> Report:
    require_report(province, recipient, period)
    if kind not in KINDS:
        abort(404)
    try:
        return build_report(province, recipient, period, cut_off, kind=kind)
    except BadQuery as error:
        abort(400, str(error))


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _archived(offered: list[OfferedRecipient]) -> list[ArchiveEntry]:
    return fetch_entries([(choice.province, choice.key) for choice in offered])


def _due(offered: list[OfferedRecipient]) -> list[DueEntry]:
    return fetch_due([(choice.province, choice.key) for choice in offered])


def _own(offered: list[OfferedRecipient]) -> list[tuple[str, str]]:
    """Whose deadlines are listed: the departments', or the one agency's of whoever answers for no department."""
    own = [choice for choice in offered if choice.key in departments()] or offered[:1]
    return [(choice.province, choice.key) for choice in own]


def _overview(offered: list[OfferedRecipient]) -> list[tuple[str, str, str, int, bool]]:
    """Key, name, last full month and this year of each province whose reports the user receives; whether its decision.

    Scoring files are about this year, and plans made in it.
    """
    last = Period.of_month(today()).previous().code
    provinces = {choice.province: choice.province_name for choice in offered}
    ids = {key: fetch_province(key).id for key in provinces}
    return [
        (key, name, last, today().year, allowed(MANAGE, Resource(ids[key])))
        for key, name in provinces.items()
        if allowed(EDIT, Resource(ids[key], RECEIVES))
    ]


def _years(offered: list[OfferedRecipient]) -> list[int]:
    provinces = {choice.province for choice in offered}
    rated = {year for key in provinces for year in fetch_rated_years(fetch_province(key).id)}
    return sorted({*rated, today().year})


def _as_date_field(name: str, value: str) -> str:
    """A day as its field shows it; what is no day stays as it was typed."""
    day = read_day(value) if name in ("from", "to", "cut_off") else None
    return day.strftime(DAY_LAYOUT) if day else value
