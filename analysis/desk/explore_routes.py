"""Exploring figures, and showing how each was worked out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from analysis.desk.cells_file import cells_csv
from analysis.desk.compare import read_beside
from analysis.desk.explanation import domains_of_used, post_strata, working_of
from analysis.desk.explore import explore, mark_of, target_of
from analysis.desk.waiting_queries import count_waiting
from analysis.figures.breakdowns import OVER_TIME
from analysis.figures.quarters import is_long
from analysis.figures.query import BadQuery
from analysis.figures.questions import overall_results, question_results
from analysis.figures.register import fetch_register
from analysis.figures.service import cells_by_sampling_unit, count_beside_cells, uses_fpc
from analysis.figures.store.change_stamps import fetch_rated_years
from analysis.presentation.facts import fact_results, fact_words
from analysis.presentation.filter_options import METHODS, SHORT_METHODS, choices
from analysis.presentation.one_stop_points import point_total, read_points, total_words
from analysis.presentation.phrases import left_out_words
from analysis.presentation.scope import scope_from, scopes_of
from analysis.presentation.selection import NARROWING, Selection, part_url, read_selection, result_url, working_url
from analysis.presentation.sensitivity import sensitivity
from analysis.presentation.tipping import tipping_words
from analysis.statistics import Method, StatisticsError
from survey.accounts.permissions import VIEW, Action, allowed
from survey.foundation.access import Of, needs
from survey.foundation.changes import audit
from survey.foundation.clock import now, today
from survey.foundation.storage.database import writing
from survey.foundation.vocabulary import SCALE

blueprint = Blueprint("explore", __name__, url_prefix="/desk")
MORE = (*NARROWING, "method", "boundaries", "other_period", "other_agency", "other_service")


def selection_from(province: str, sector: str, action: Action = VIEW) -> tuple[Selection, list[int]]:
    """The selection this request's address asks for, and the years with answers.

    Raises:
        BadQuery: a filter holds what was never offered.
    """
    scope = scope_from(province, sector, request.args.get("agency"), action)
    years = fetch_rated_years(scope.province.id)
    return read_selection(scope, request.args, years[-1] if years else today().year), years


@blueprint.get("/explore")
@needs(Action.VIEW, Of.ANYTHING)
def home() -> Redirect:
    """Exploring begins in the widest scope the user may see."""
    scopes = scopes_of(current_user)
    return redirect(scopes[0].url("explore.page") if scopes else url_for("desk.home"))


@blueprint.get("/<province>/<sector>/explore")
@needs(Action.VIEW, Of.OBJECT)
def page(province: str, sector: str) -> str | tuple[str, int]:
    """One selection from every side."""
    try:
        selection, years = selection_from(province, sector)
        view = explore(selection, request.args)
    except (BadQuery, StatisticsError) as problem:
        return render_template("desk/explore_problem.html", problem=str(problem)), 400
    beside = read_beside(request.args)
    return render_template(
        "desk/explore.html",
        selection=selection,
        scope=selection.scope,
        scopes=scopes_of(current_user),
        view=view,
        waiting=0 if view.figures.total.n else count_waiting(selection.scope, selection.period),
        part_url=partial(part_url, selection),
        working_url=partial(working_url, selection),
        kept_url=selection.url("explore.keep_selection", **beside),
        mark=mark_of(view.target),
        choices=choices(selection, years),
        order=request.args.get("order", "" if selection.by in OVER_TIME else "share"),
        more_open=any(request.args.get(name) for name in MORE),
    )


@blueprint.get("/<province>/<sector>/explain")
@needs(Action.VIEW, Of.OBJECT)
def explain(province: str, sector: str) -> str | tuple[str, int]:
    """How a figure was worked out, the selection's or a row's of its breakdown: cells, weights, n, N, warnings."""
    try:
        selection, _years = selection_from(province, sector)
        target = target_of(selection)
        working = working_of(selection, request.args.get("part", ""), target.threshold if target else None)
    except BadQuery as problem:
        return render_template("desk/explore_problem.html", problem=str(problem)), 400
    return render_template(
        "desk/explain.html",
        selection=selection,
        scope=selection.scope,
        scopes=scopes_of(current_user),
        working=working,
        figures=working.figures,
        target=target,
        tipping=tipping_words(working.figure, target.threshold) if target else None,
        rows=[] if working.figure.suppressed else post_strata(working, fetch_register(selection.scope.province.id)),
        certainty=sensitivity(working.figures, working.figure),
        left_out=left_out_words(working.figure),
        method=METHODS[working.figures.question.method],
        weeks=is_long(working.figures.question.period.months),
        fpc=uses_fpc(working.figures.question),
        may_download=allowed(Action.DOWNLOAD_CELLS, selection.scope.resource)
        and working.figures.cells is not None
        and working.figures.question.method is Method.TOP2,
    )


@blueprint.get("/<province>/<sector>/questions")
@needs(Action.VIEW, Of.OBJECT)
def questions(province: str, sector: str) -> str | tuple[str, int]:
    """Every form answered: by factor and by question, each figure with its method."""
    try:
        selection, _years = selection_from(province, sector)
        if selection.counter:
            raise BadQuery(_("Kết quả theo từng phiếu không tính riêng một quầy: hãy bỏ lọc quầy."))
        question = replace(selection.question(), items=(), method=Method.TOP2)
        overall, forms = overall_results(question), question_results(question)
        facts = fact_results(question) if not (selection.is_filtered and overall[0].figure.suppressed) else ()
    except (BadQuery, StatisticsError) as problem:
        return render_template("desk/explore_problem.html", problem=str(problem)), 400
    total, typed = point_total(facts), request.args.get("other_points", "").strip()[:20]
    others, wrong_points = None, ""
    if total is not None and typed:
        try:
            others = read_points(typed, total.others)
        except ValueError as error:
            wrong_points = str(error)
    page = render_template(
        "desk/questions.html",
        selection=selection,
        scope=selection.scope,
        overall=overall,
        forms=forms,
        facts=facts,
        points=None if total is None else total_words(total, others),
        others=None if total is None else total.others,
        other_points=typed,
        problem=wrong_points,
        fact_words=fact_words,
        methods=METHODS,
        short_methods=SHORT_METHODS,
        result_url=partial(result_url, selection),
        scale=SCALE,
    )
    return (page, 400) if wrong_points else page


@blueprint.get("/<province>/<sector>/cells.csv")
@needs(Action.DOWNLOAD_CELLS, Of.OBJECT)
def cells(province: str, sector: str) -> Response:
    """The cells as a file for `flask analysis estimate`; each download is logged."""
    try:
        selection, _years = selection_from(province, sector, Action.DOWNLOAD_CELLS)
        figures = working_of(selection, request.args.get("part", "")).figures
    except BadQuery as problem:
        abort(400, str(problem))
    question = figures.question
    if question.method is not Method.TOP2 or figures.cells is None:
        abort(404)
    province_id = selection.scope.province.id
    left_out = count_beside_cells(question)
    text = "".join(cells_csv(cells_by_sampling_unit(question), left_out, domains_of_used(figures)))
    after = {"sector": selection.scope.sector_key, "agency": request.args.get("agency"), **selection.arguments()}
    with writing() as session:
        audit.record(session, "download_cells", "figure", now().isoformat(), province_id=province_id, after=after)
    name = f"cells-{province}-{selection.subject}-{selection.period.code}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)
