"""Reports at the desk: choose recipient and period, download the document."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from analysis.figures import BadQuestion
from analysis.reports.access import Choice, choices, require_report
from analysis.reports.archive import Entry, fetch_archived, fetch_entries, keep
from analysis.reports.brief import COVERAGE, KINDS, SATISFACTION
from analysis.reports.delivery.status import DueEntry, Notice, fetch_due, notices
from analysis.reports.document import Report
from analysis.reports.engines import ENGINES, file_name
from analysis.reports.model import build_report
from analysis.reports.recipients import sums_up
from survey.agencies.models import Province
from survey.foundation.clock import today
from survey.foundation.database import db
from survey.foundation.periods import Period

KIND_NAMES = {
    SATISFACTION: lazy_gettext("Mức độ hài lòng"),
    COVERAGE: lazy_gettext("Độ bao phủ của khảo sát và cơ chế một cửa (Sở Nội vụ lập)"),
}
NEXT_DAYS = 45  # deadlines shown at the desk

blueprint = Blueprint("reports", __name__, url_prefix="/desk/reports")


@blueprint.get("/")
def index() -> str | AnyResponse | tuple[str, int]:
    """The form; once filled in, the way to the document."""
    problem = None
    if request.args.get("recipient"):
        answer = _chosen()
        if not isinstance(answer, str):
            return answer
        problem = answer
    offered = choices(current_user)
    latest = Period.of_month(today()).previous()
    page = render_template(
        "reports/index.html",
        choices=offered,
        period=request.args.get("period", latest.code),
        chosen=request.args.get("recipient", ""),
        cut_off=request.args.get("cut_off", ""),
        kind=request.args.get("kind", SATISFACTION),
        kinds=KIND_NAMES,
        names={one.key: one.name for one in offered},
        archived=_archived(offered),
        due=_due(offered),
        notices=_notices(offered),
        provinces={one.province: one.province_name for one in offered},
        forms=[(name, engine.label) for name, engine in ENGINES.items()],
        problem=problem,
    )
    return page if problem is None else (page, 422)


@blueprint.post("/archive")
def archive() -> AnyResponse:
    """Make a PDF, keep it in the archive for ever, and lead to it."""
    province, _slash, recipient = request.form.get("recipient", "").partition("/")
    period, cut_off = _parsed(request.form.get("period", ""), request.form.get("cut_off", ""))
    report = _made(province, recipient, period, cut_off, request.form.get("kind", SATISFACTION))
    archived_id = keep(report, ENGINES["pdf"].render(report), current_user.id)
    return redirect(url_for("reports.archived", archived_id=archived_id))


@blueprint.get("/archive/<int:archived_id>.pdf")
def archived(archived_id: int) -> Response:
    """A PDF exactly as it was archived."""
    entry = fetch_archived(archived_id)
    if entry is None:
        abort(404)
    province = db.session.get_one(Province, entry.province_id)
    require_report(province.key, entry.recipient, Period.parse(entry.period))
    return _file(entry.content, ENGINES["pdf"].media_type, f"{entry.name}.pdf")


@blueprint.get("/<province>/<recipient>/<period>.<ending>")
def download(province: str, recipient: str, period: str, ending: str) -> Response:
    """The document itself."""
    engine = next((name for name, one in ENGINES.items() if one.ending == ending), None)
    if engine is None:
        abort(404)
    kind = request.args.get("kind", SATISFACTION)
    report = _made(province, recipient, *_parsed(period, request.args.get("cut_off", "")), kind)
    return _file(ENGINES[engine].render(report), ENGINES[engine].media_type, file_name(report, engine))


def _parsed(period: str, cut_off: str) -> tuple[Period, dt.date | None]:
    try:
        return Period.parse(period.strip()), dt.date.fromisoformat(cut_off) if cut_off else None
    except ValueError:
        abort(404)


def _made(province: str, recipient: str, period: Period, cut_off: dt.date | None, kind: str) -> Report:
    require_report(province, recipient, period)
    if kind not in KINDS:
        abort(404)
    try:
        return build_report(province, recipient, period, cut_off, kind=kind)
    except BadQuestion as error:
        abort(400, str(error))


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _archived(offered: list[Choice]) -> list[Entry]:
    return fetch_entries([(one.province, one.key) for one in offered])


def _due(offered: list[Choice]) -> list[DueEntry]:
    return fetch_due([(one.province, one.key) for one in offered])


def _notices(offered: list[Choice]) -> list[Notice]:
    return notices({one.province for one in offered}, NEXT_DAYS)


def _chosen() -> str | AnyResponse:
    try:
        period = Period.parse(request.args.get("period", "").strip())
    except ValueError:
        return str(_("Kỳ báo cáo viết như 2026-10, 2026-Q3, 2026-H1, 2026 hoặc 2026-01..2026-04."))
    if period.first_day > today():
        return str(_("Kỳ báo cáo chưa bắt đầu."))
    cut_off = request.args.get("cut_off") or None
    try:
        day = dt.date.fromisoformat(cut_off) if cut_off else None
    except ValueError:
        return str(_("Ngày chốt số liệu viết như 2026-12-02."))
    if day and not period.first_day <= day <= min(period.last_day, today()):
        return str(_("Ngày chốt số liệu phải nằm trong kỳ báo cáo và không ở tương lai."))
    province, found, recipient = request.args["recipient"].partition("/")
    ending = ENGINES[request.args.get("as", "pdf")].ending if request.args.get("as", "pdf") in ENGINES else "pdf"
    if not found:
        return str(_("Hãy chọn nơi nhận báo cáo."))
    kind = request.args.get("kind") or SATISFACTION
    if kind == COVERAGE and not sums_up(recipient):
        return str(_("Báo cáo độ bao phủ do Sở Nội vụ lập cho toàn tỉnh: hãy chọn nơi nhận là Sở Nội vụ (so-noi-vu)."))
    address = url_for(
        "reports.download",
        province=province,
        recipient=recipient,
        period=period.code,
        ending=ending,
        cut_off=cut_off,
        kind=None if kind == SATISFACTION else kind,
    )
    return redirect(address)
