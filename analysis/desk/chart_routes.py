"""The drawings of the desk as files."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask_babel import force_locale

from analysis.desk.drawn import MEDIA_TYPES, chart_of, drawing
from analysis.desk.explore_routes import selection_from
from analysis.question import BadQuestion
from analysis.statistics import StatisticsError

blueprint = Blueprint("charts", __name__, url_prefix="/desk")


@blueprint.get("/<province>/<sector>/chart.<any(svg, png):ending>")
def file(province: str, sector: str, ending: str) -> Response:
    """What the selection's breakdown looks like; the address takes what exploring takes."""
    try:
        selection, _years = selection_from(province, sector)
        with force_locale("vi"):
            chart = chart_of(selection)
            content = drawing(chart, ending)
    except (BadQuestion, StatisticsError) as problem:
        abort(400, str(problem))
    if not chart.marks:
        abort(404)
    name = f"bieu-do-{province}-{selection.subject}-{selection.period.code}-{selection.by}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=MEDIA_TYPES[ending], headers=headers)
