"""Pages with citizens' comments."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from analysis.desk.comments import CommentLine, CommentSearch, comment_page, every_line, read_search
from analysis.figures.query import BadQuery
from analysis.figures.register import services_of
from analysis.figures.store.change_stamps import fetch_rated_years
from analysis.presentation.filter_options import periods
from analysis.presentation.scope import Scope, scope_from, scopes_of
from analysis.presentation.selection import read_period
from analysis.themes.queries import CommentScope
from analysis.themes.service import count_themes, theme_names
from survey.accounts.permissions import Action, allowed
from survey.feedback.queries import fetch_cases_of
from survey.foundation.access import Of, needs
from survey.foundation.changes import audit
from survey.foundation.clock import month_of, now, today
from survey.foundation.periods import Period, shift_month
from survey.foundation.security.sealed import COMMENT, seal
from survey.foundation.storage.database import writing
from survey.foundation.tables.csv_output import csv_text
from survey.foundation.tables.downloads import streamed
from survey.foundation.vocabulary import CHANNELS, SCALE, SUBJECTS

blueprint = Blueprint("comments", __name__, url_prefix="/desk")
SHORT = ("month", "quarter")
Periods = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
COLUMNS = ("day", "agency", "service", "channel", "ratings", "comment")


@blueprint.get("/comments")
@needs(Action.VIEW, Of.ANYTHING)
def home() -> Redirect:
    """Reading begins in the widest scope whose comments the user may see."""
    scopes = scopes_of(current_user, Action.VIEW_COMMENTS)
    return redirect(scopes[0].url("comments.page") if scopes else url_for("desk.home"))


@blueprint.get("/<province>/<sector>/comments")
@needs(Action.VIEW_COMMENTS, Of.OBJECT)
def page(province: str, sector: str) -> str | tuple[str, int]:
    """The newest comments; `reveal` shows them unmasked to those who may, and is logged."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.VIEW_COMMENTS)
    may_reveal = allowed(Action.EXPORT_COMMENTS, scope.resource)
    reveal = may_reveal and request.args.get("reveal") == "1"
    years = fetch_rated_years(scope.province.id)
    try:
        asked = read_search(request.args, years[-1] if years else today().year)
        page = comment_page(scope, asked, request.args.get("after"), reveal=reveal)
    except BadQuery as problem:
        return render_template("desk/explore_problem.html", problem=str(problem)), 400
    if reveal:
        _log("reveal_comments", scope, asked)
    return render_template(
        "desk/comments.html",
        scope=scope,
        scopes=scopes_of(current_user, Action.VIEW_COMMENTS),
        asked=asked,
        page=page,
        periods=periods(years),
        services=[(service.code, service.name) for service in services_of(scope.sector)],
        service_codes={service.name: service.code for service in services_of(scope.sector)},
        scale=SCALE,
        themes=theme_names(),
        subjects=SUBJECTS,
        channels=CHANNELS,
        may_reveal=may_reveal,
        may_open=allowed(Action.OPEN_FEEDBACK, scope.resource),
        cases=fetch_cases_of([line.id for line in page.lines]),
        sealed={line.id: seal(COMMENT, str(line.id)) for line in page.lines},
        reveal=reveal,
        url=lambda **changes: scope.url("comments.page", **{**asked.arguments(), **changes}),
    )


@blueprint.get("/<province>/<sector>/themes")
@needs(Action.VIEW_COMMENTS, Of.OBJECT)
def themes(province: str, sector: str) -> str | tuple[str, int]:
    """What the comments of a month or quarter are about, by counts; each theme leads to its comments."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.VIEW_COMMENTS)
    try:
        period = read_period(request.args.get("period") or shift_month(month_of(today()), -1), today().year)
    except BadQuery as problem:
        return render_template("desk/explore_problem.html", problem=str(problem)), 400
    counted = CommentScope(
        province_id=scope.province.id, months=period.months, sector=scope.sector, agencies=scope.agencies
    )
    return render_template(
        "desk/themes.html",
        scope=scope,
        scopes=scopes_of(current_user, Action.VIEW_COMMENTS),
        period=period,
        periods=_short(periods(fetch_rated_years(scope.province.id))),
        counts=count_themes(counted),
        is_whole=counted.is_whole,
        names=theme_names(),
    )


def _short(offered: Periods) -> Periods:
    """A year's comments are many: counting them by theme would take seconds."""
    kept = [(year, tuple(pair for pair in pairs if Period.parse(pair[0]).kind in SHORT)) for year, pairs in offered]
    return tuple(kept)


@blueprint.get("/<province>/<sector>/comments.csv")
@needs(Action.EXPORT_COMMENTS, Of.OBJECT)
def file(province: str, sector: str) -> Response | tuple[str, int]:
    """All matching comments, masked; each download is logged."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.EXPORT_COMMENTS)
    years = fetch_rated_years(scope.province.id)
    try:
        asked = read_search(request.args, years[-1] if years else today().year)
    except BadQuery as problem:
        return render_template("desk/explore_problem.html", problem=str(problem)), 400
    _log("export_comments", scope, asked)
    lines = csv_text(COLUMNS, (_row(line) for line in every_line(scope, asked)))
    headers = {"Content-Disposition": f'attachment; filename="comments-{province}-{asked.period.code}.csv"'}
    return streamed(lines, "text/csv; charset=utf-8", headers)


def _row(line: CommentLine) -> list[object]:
    ratings = "; ".join(f"{SUBJECTS[subject]}: {value}" for subject, value in sorted(line.ratings.items()))
    channel = str(CHANNELS.get(line.channel, line.channel))
    return [line.day.isoformat(), line.agency, line.service or str(_("Không rõ")), channel, ratings, line.text]


def _log(action: str, scope: Scope, asked: CommentSearch) -> None:
    """What was read; the words that were looked for, a citizen's name maybe, are not kept for ever."""
    after = {
        "sector": scope.sector_key,
        "agency": scope.agency.code if scope.agency else None,
        **asked.arguments(),
        "q": bool(asked.text),
    }
    province_id = scope.province.id
    with writing() as session:
        audit.record(session, action, "comments", now().isoformat(), province_id=province_id, after=after)
