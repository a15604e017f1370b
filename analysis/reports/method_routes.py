"""/results/<province>/methods/: how satisfaction is measured, as the owners make it known; for everyone."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from analysis.reports.method_document import method_report
from analysis.reports.renderers import ENGINES
from survey.foundation.access import public
from survey.foundation.vocabulary import SECTORS
from survey.foundation.weighted_lru import WeightedLru
from survey.registry.models import Province
from survey.registry.queries import find_province

blueprint = Blueprint("methods", __name__, url_prefix="/results/<province>/methods")
_PDFS: WeightedLru[bytes] = WeightedLru(20, lambda _: 1)  # by digest: the same text is typeset once


@blueprint.get("/<sector>")
@public("how satisfaction is measured", printed="methods and documents link to it")
def page(province: str, sector: str) -> str:
    """One sector's method."""
    place = _place(province, sector)
    report = method_report(place, sector)
    return render_template("reports/method.html", province=place, sector=sector, report=report, sectors=SECTORS)


@blueprint.get("/<sector>.pdf")
@public("how satisfaction is measured", printed="methods and documents link to it")
def document(province: str, sector: str) -> Response:
    """The same as a document."""
    report = method_report(_place(province, sector), sector)
    content = _PDFS.get(report.digest, lambda: ENGINES["pdf"].render(report))
    headers = {"Content-Disposition": f'inline; filename="{report.name}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


def _place(province: str, sector: str) -> Province:
    place = find_province(province)
    if place is None or sector not in SECTORS:
        abort(404)
    return place
