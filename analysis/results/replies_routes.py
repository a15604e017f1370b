"""/results/<province>/replies: "bạn nói, chúng tôi làm", searched by words, service and place. No cookie."""

from __future__ import annotations

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from analysis.periods.queries import fetch_published
from analysis.results.agencies.agency_history import agencies_in
from analysis.results.caching import public_page
from analysis.results.public_cases import public_cases
from analysis.results.publication.dossiers import latest_dossiers
from analysis.results.replies import SIZE, replies
from survey.feedback.kinds import KIND_WORDS
from survey.feedback.publication_queries import Sought, fetch_named_places
from survey.foundation.access import public
from survey.foundation.clock import today
from survey.foundation.pages.parameters import page_number
from survey.registry.queries import find_province
from survey.responses.comments import searchable

blueprint = Blueprint("replies", __name__, url_prefix="/results")


@blueprint.get("/<province>/replies/")
@public("published replies", printed="press and portals link to it")
def page(province: str) -> Response:
    """The replies, the latest first, and how the year's reports were handled."""
    named_province = find_province(province)
    if named_province is None:
        abort(404)
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("q", "agency", "service")}
    number = page_number(SIZE)
    shown, more = replies(Sought(named_province.id, searchable(asked["q"]), asked["agency"], asked["service"]), number)
    closings = fetch_published(named_province.id)
    agencies, services = fetch_named_places(named_province.id)
    return public_page(
        "results/replies.html",
        province=named_province,
        asked=asked,
        replies=shown,
        more=more,
        page=number,
        agencies=agencies,
        services=services,
        year=today().year,
        published_codes={code for code, _name in agencies_in(closings)},
        dossiers=latest_dossiers(closings),
        cases=public_cases(named_province.id, today().year),
        kinds=KIND_WORDS,
    )
