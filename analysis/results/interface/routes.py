"""/api/v1/: published results for programs. Read only, no cookie, no login, open to other sites."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import gettext as _
from pydantic import BaseModel

from analysis.figures.register import UnknownProvince, fetch_province
from analysis.periods.models import Closing
from analysis.periods.queries import fetch_provinces
from analysis.results import open_data
from analysis.results.caching import cacheable
from analysis.results.interface import answer_schema, service
from analysis.results.interface.openapi import description_of
from analysis.results.interface.publication_schema import PublishedFigures, RankingJson
from survey.foundation.access import public
from survey.foundation.clock import today
from survey.foundation.interface.described import WholeNumber, answers
from survey.registry.models import Province

WHY = "published figures for programs; answers nothing that /results/ does not"
YEAR = WholeNumber("year", 2000, 2100, "Only targets that speak for this year, with their status in it.")
YEAR_OF_CASES = WholeNumber("year", 2000, 2100, "The year in which they came; without it the present one.")
REVISION = WholeNumber("revision", 1, 1_000_000, "An earlier revision; without it the latest published one.")

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@public(
    WHY,
    printed="other programs read the interface from here",
)
@answers(answer_schema.Description)
def description() -> Response:
    """This description."""
    return _answer(description_of(current_app))


@blueprint.get("/provinces")
@public(WHY, printed="other programs read it")
@answers(answer_schema.Provinces)
def provinces() -> Response:
    """Provinces with the period each published last."""
    return _told(service.provinces_answer(fetch_provinces()))


@blueprint.get("/provinces/<province>/targets")
@public(WHY, printed="other programs read it")
@answers(answer_schema.TargetsJson, YEAR)
def targets(province: str) -> Response:
    """Legal targets with document, clause and verbatim quote."""
    return _told(service.targets_answer(_province(province), YEAR.read()))


@blueprint.get("/provinces/<province>/publications")
@public(WHY, printed="other programs read it")
@answers(answer_schema.Publications)
def publications(province: str) -> Response:
    """Published periods and their revisions, the latest period first."""
    return _told(service.publications_answer(_province(province)))


@blueprint.get("/provinces/<province>/publications/<period>")
@public(WHY, printed="other programs read it")
@answers(PublishedFigures, REVISION)
def publication(province: str, period: str) -> Response:
    """All figures of one publication."""
    place = _province(province)
    return _answer(open_data.document(_closing(place, period), place.key))


@blueprint.get("/provinces/<province>/publications/<period>/ranking")
@public(WHY, printed="other programs read it")
@answers(RankingJson, REVISION)
def ranking(province: str, period: str) -> Response:
    """The ranking of a publication as ranges, and its coverage, where two people decided to publish it."""
    place = _province(province)
    closing = _closing(place, period)
    if closing.ranking is None:
        abort(404, _("Xếp hạng của kỳ này chưa được công bố."))
    return _answer(open_data.ranking_document(closing, place.key))


@blueprint.get("/provinces/<province>/reference-figures")
@public(WHY, printed="other programs read it")
@answers(answer_schema.ReferenceFiguresJson)
def reference_figures(province: str) -> Response:
    """Official figures of others about the province: another method, never to be mixed with the published results."""
    return _told(service.reference_answer(_province(province)))


@blueprint.get("/provinces/<province>/feedback")
@public(WHY, printed="other programs read it")
@answers(answer_schema.FeedbackJson, YEAR_OF_CASES)
def feedback(province: str) -> Response:
    """How citizens' reports of a year were handled, by kind; small counts are held back."""
    return _told(service.feedback_answer(_province(province), YEAR_OF_CASES.read() or today().year))


def _province(key: str) -> Province:
    try:
        return fetch_province(key)
    except UnknownProvince as unknown:
        abort(404, str(unknown))


def _closing(place: Province, period: str) -> Closing:
    revision, revisions = REVISION.read(), service.published_revisions(place, period)
    closing = next((closing for closing in revisions if revision in (None, closing.revision)), None)
    if closing is None:
        abort(404, _("Kỳ này hoặc bản này chưa được công bố."))
    return closing


def _told(answer: BaseModel) -> Response:
    return _answer(answer.model_dump())


def _answer(value: open_data.Json) -> Response:
    # Sorted, because a database may give back the keys of stored JSON in another order: equal answers, equal tags.
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    answer = cacheable(Response(f"{text}\n", content_type="application/json; charset=utf-8"))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
