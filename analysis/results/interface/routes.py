"""/api/v1/: published results for programs. Read only, no cookie, no login, open to other sites."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from analysis.figures.register import UnknownProvince, fetch_province
from analysis.periods.queries import fetch_provinces
from analysis.results.interface import service
from survey.foundation.access import public
from survey.foundation.parameters import whole_number
from survey.registry.models import Province

WHY = "published figures for programs; answers nothing that /results/ does not"
DESCRIPTION = Path(__file__).with_name("openapi.json")

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@public(
    WHY,
    printed="other programs read the interface from here",
)
def description() -> Response:
    """This interface in OpenAPI 3.1."""
    return _answer(json.loads(DESCRIPTION.read_text(encoding="utf-8")))


@blueprint.get("/provinces")
@public(WHY, printed="other programs read it")
def provinces() -> Response:
    """Every province."""
    return _answer(service.provinces_json(fetch_provinces()))


@blueprint.get("/provinces/<province>/targets")
@public(WHY, printed="other programs read it")
def targets(province: str) -> Response:
    """Legal targets with their quotes."""
    return _answer(service.targets_json(_province(province), whole_number("year", 2000, 2100)))


@blueprint.get("/provinces/<province>/publications")
@public(WHY, printed="other programs read it")
def publications(province: str) -> Response:
    """What was published, and when."""
    return _answer(service.publications_json(_province(province)))


@blueprint.get("/provinces/<province>/publications/<period>")
@public(WHY, printed="other programs read it")
def publication(province: str, period: str) -> Response:
    """The figures of one publication: the latest revision, or the one asked for."""
    found, revision = _province(province), whole_number("revision", 1, 1_000_000)
    revisions = service.published_revisions(found, period)
    closing = next((one for one in revisions if revision in (None, one.revision)), None)
    if closing is None:
        abort(404, _("Kỳ này hoặc bản này chưa được công bố."))
    return _answer(service.publication_json(found, closing))


@blueprint.get("/provinces/<province>/reference-figures")
@public(WHY, printed="other programs read it")
def reference_figures(province: str) -> Response:
    """Official figures of others about the province."""
    return _answer(service.reference_json(_province(province)))


def _province(key: str) -> Province:
    try:
        return fetch_province(key)
    except UnknownProvince as unknown:
        abort(404, str(unknown))


def _answer(value: dict[str, Any]) -> Response:
    # Sorted, because a database may give back the keys of stored JSON in another order: equal answers, equal tags.
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    answer = Response(f"{text}\n", content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
