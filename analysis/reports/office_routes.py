"""At the desk: an office's words and the journal of its reports, who has not sent, the province's decision."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from analysis.figures.query import BadQuery
from analysis.reports.access import EDIT, RECEIVES, require_report
from analysis.reports.builder import draft_words
from analysis.reports.context import PLAN, SATISFACTION, SCORING
from analysis.reports.delivery.reminders import remind
from analysis.reports.journal import journal_of, unsent
from analysis.reports.kinds import KINDS
from analysis.reports.office.forms import DecisionForm, JournalForm, WordsForm
from analysis.reports.office.queries import fetch_decision, fetch_words, find_record
from analysis.reports.office.service import PARTS, ReportKey, save_decision, save_record, save_words
from analysis.reports.recipients import Recipient, UnknownRecipient, find_recipient
from survey.accounts.permissions import Action, Resource, require
from survey.foundation.access import NOTHING, Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.formatting import with_count
from survey.foundation.pages.form_fields import DAY_LAYOUT, read_day
from survey.foundation.periods import NoSuchYear, Period
from survey.foundation.storage.database import db
from survey.registry.models import Province
from survey.registry.queries import find_province

blueprint = Blueprint("report_office", __name__, url_prefix="/desk/reports")
OWED_BY_ALL = (SATISFACTION, SCORING, PLAN)  # the scoring file and the plan by letter 125/SNV-CCHC
Answer = str | Response | tuple[str, int]


@blueprint.route("/<province>/<recipient>/<period>/words", methods=["GET", "POST"])
@needs(Action.EDIT_REPORTS, Of.OBJECT, names=NOTHING)
def words(province: str, recipient: str, period: str) -> Answer:
    """The two parts that the office itself writes, beginning with the program's drafts."""
    asked = _period(period)
    office, key = _report(province, recipient, asked, SATISFACTION)
    try:
        drafts = draft_words(province, recipient, asked)
    except BadQuery as error:
        abort(400, str(error))
    rows = fetch_words(db.session(), key.province_id, recipient, asked.code)
    stored = {part: row.text for part, row in rows.items()}
    form = WordsForm(data={**drafts, **stored})
    if form.validate_on_submit():
        typed = {part: _lines(form[part].data) for part in PARTS}
        save_words(key, {part: "" if text == drafts[part] else text for part, text in typed.items()})
        flash(_("Đã lưu lời của báo cáo; bản lập từ nay in lời này."), "success")
        return redirect(url_for("report_office.words", province=province, recipient=recipient, period=period))
    shown = {"form": form, "office": office, "period": asked, "drafts": drafts, "written": stored}
    return render_template("reports/words.html", province=province, **shown), 422 if form.errors else 200


@blueprint.route("/<province>/<recipient>/<period>/journal", methods=["GET", "POST"])
@needs(Action.EDIT_REPORTS, Of.OBJECT, names=NOTHING)
def journal(province: str, recipient: str, period: str) -> Answer:
    """Number, day of signing and of sending of one report."""
    asked, kind = _period(period), request.args.get("kind", SATISFACTION)
    office, key = _report(province, recipient, asked, kind)
    record = find_record(db.session(), key.province_id, recipient, asked.code, kind)
    form = JournalForm(obj=record)
    if form.validate_on_submit():
        number = (form.number.data or "").strip()
        save_record(key, number=number, signed_on=form.signed_on.data, sent_on=form.sent_on.data)
        flash(_("Đã ghi vào sổ báo cáo."), "success")
        return redirect(url_for("reports.index"))
    shown = {"form": form, "office": office, "period": asked, "record": record, "kind": KINDS[kind]}
    return render_template("reports/journal.html", **shown), 422 if form.errors else 200


@blueprint.route("/<province>/<period>/received", methods=["GET", "POST"])
@needs(Action.EDIT_REPORTS, Of.PROVINCE, names={"recipient": Names.AGENCY})
def received(province: str, period: str) -> Answer:
    """Whose reports of a period have come, and whose have not."""
    asked, of = _period(period), _province(province, Action.EDIT_REPORTS, RECEIVES)
    kind = _owed_kind(asked)
    typed: dict[str, str] = {}
    if request.method == "POST":
        author, text = request.form.get("recipient", ""), request.form.get("received_on", "")
        if not author or not _is_author(of, author, asked):
            abort(404)
        day = read_day(text)
        if day is not None and day <= today():
            save_record(ReportKey(of.id, author, asked.code, kind), received_on=day)
            flash(_("Đã ghi ngày nhận."), "success")
            return redirect(_received_page(province, period, kind))
        typed[author] = text
    lines = journal_of(of, asked, kind)
    shown = {"lines": lines, "missing": len(unsent(lines)), "period": asked, "province": of, "kind": KINDS[kind]}
    problem = _("Ngày nhận: ghi một ngày đã qua hoặc hôm nay, như 05/11/2026.") if typed else None
    page = render_template(
        "reports/received.html",
        **shown,
        typed=typed,
        problem=problem,
        day=today().strftime(DAY_LAYOUT),
        asked_kind=_named(kind),
    )
    return page, 422 if typed else 200


@blueprint.post("/<province>/<period>/reminders")
@needs(Action.EDIT_REPORTS, Of.PROVINCE, names=NOTHING)
def send_reminders(province: str, period: str) -> Answer:
    """Mail those whose report has not come, where somebody subscribed for them."""
    asked, of = _period(period), _province(province, Action.EDIT_REPORTS, RECEIVES)
    kind = _owed_kind(asked)
    queued = remind(of.id, asked, [line.recipient for line in unsent(journal_of(of, asked, kind))], kind)
    flash(
        with_count("Đã xếp %(n)s thư nhắc; thư đi trong lần gửi tới.", queued),
        "success",
    )
    return redirect(_received_page(province, period, kind))


@blueprint.route("/<province>/decision", methods=["GET", "POST"])
@needs(Action.MANAGE_TARGETS, Of.PROVINCE, names=NOTHING)
def decision(province: str) -> Answer:
    """The province's own decision, entered once with number and day."""
    of = _province(province, Action.MANAGE_TARGETS)
    form = DecisionForm(obj=fetch_decision(province), data=_no_decision(of))
    if form.validate_on_submit():
        number, issuer = (str(field.data).strip() for field in (form.number, form.issuer))
        assert form.signed_on.data is not None
        save_decision(of.id, number, form.signed_on.data, issuer)
        flash(_("Đã lưu; báo cáo lập từ nay căn cứ quyết định này."), "success")
        return redirect(url_for("reports.index"))
    return render_template("reports/decision.html", form=form, province=of), 422 if form.errors else 200


def _no_decision(province: Province) -> dict[str, str]:
    return {"issuer": f"UBND tỉnh {province.name}"}


def _report(province: str, recipient: str, period: Period, kind: str) -> tuple[Recipient, ReportKey]:
    office = require_report(province, recipient, period, EDIT)
    if kind not in KINDS:
        abort(404)
    named_province = find_province(province)
    assert named_province is not None
    return office, ReportKey(named_province.id, recipient, period.code, kind)


def _province(key: str, action: Action, sector: str | None = None) -> Province:
    province = find_province(key)
    if province is None:
        abort(404)
    require(action, Resource(province.id, sector))
    return province


def _owed_kind(period: Period) -> str:
    """Which of the documents that every author owes Sở Nội vụ is asked for."""
    kind = request.args.get("kind", SATISFACTION)
    if kind not in OWED_BY_ALL or (KINDS[kind].periods and period.kind not in KINDS[kind].periods):
        abort(404)
    return kind


def _named(kind: str) -> str | None:
    """The kind as addresses carry it: the usual one is not named."""
    return None if kind == SATISFACTION else kind


def _received_page(province: str, period: str, kind: str) -> str:
    return url_for("report_office.received", province=province, period=period, kind=_named(kind))


def _is_author(province: Province, key: str, period: Period) -> bool:
    """Whether a department or an agency of the province has the key."""
    try:
        find_recipient(province.key, province.id, province.name, key, period)
    except UnknownRecipient:
        return False
    return True


def _period(text: str) -> Period:
    try:
        return Period.parse(text, days=True)
    except NoSuchYear:
        abort(400)
    except ValueError:
        abort(404)


def _lines(text: str | None) -> str:
    """What was typed, without empty lines: each line is a paragraph."""
    return "\n".join(line.strip() for line in (text or "").splitlines() if line.strip())
