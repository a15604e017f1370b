"""/results/<province>/methods/: how satisfaction is measured, as the owners make it known; for everyone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template

from analysis.reports.methods.models import MethodEdition
from analysis.reports.methods.queries import fetch_editions
from analysis.reports.methods.service import in_force, report_of
from analysis.reports.rendering.renderers import ENGINES
from survey.foundation.access import public
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.clock import today
from survey.foundation.pages.parameters import whole_number
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Province
from survey.registry.queries import find_province

blueprint = Blueprint("methods", __name__, url_prefix="/results/<province>/methods")
_PDFS: WeightedLru[bytes] = WeightedLru(20, lambda _: 1)  # by digest: the same text is typeset once


@blueprint.get("/<sector>")
@public("how satisfaction is measured", printed="methods and documents link to it")
def page(province: str, sector: str) -> str:
    """One sector's method as it was decided on, or, where nobody did, as it is in force; earlier ones by `edition`."""
    place, editions, edition = _asked(province, sector)
    report = report_of(place, sector, edition)
    return render_template(
        "reports/method.html",
        province=place,
        sector=sector,
        report=report,
        sectors=SECTORS,
        edition=edition,
        editions=editions,
    )


@blueprint.get("/<sector>.pdf")
@public("how satisfaction is measured", printed="methods and documents link to it")
def document(province: str, sector: str) -> Response:
    """The same as a document."""
    place, _editions, edition = _asked(province, sector)
    report = report_of(place, sector, edition)
    content = _PDFS.get(report.digest, lambda: ENGINES["pdf"].render(report))
    headers = {"Content-Disposition": f'inline; filename="{report.name}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


def _asked(province: str, sector: str) -> tuple[Province, Sequence[MethodEdition], MethodEdition | None]:
    place = find_province(province)
    if place is None or sector not in SECTORS:
        abort(404)
    editions = fetch_editions(db.session(), place.id, sector)
    number = whole_number("edition")
    if number is None:
        return place, editions, in_force(editions, today())
    edition = next((published for published in editions if published.number == number), None)
    return place, editions, edition or abort(404)
