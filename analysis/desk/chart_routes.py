"""The drawings of the desk as files."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask_babel import force_locale
from flask_babel import gettext as _

from analysis.desk.chart_export import chart_of
from analysis.desk.explore_routes import selection_from
from analysis.figures.query import BadQuery
from analysis.presentation.charts.files import MEDIA_TYPES, drawing
from analysis.statistics import StatisticsError
from survey.accounts.permissions import Action
from survey.foundation.access import Of, needs

blueprint = Blueprint("charts", __name__, url_prefix="/desk")


@blueprint.get("/<province>/<sector>/chart.<any(svg, png):image>")
@needs(Action.VIEW, Of.OBJECT)
def file(province: str, sector: str, image: str) -> Response:
    """What the selection's breakdown looks like; the address takes what exploring takes."""
    try:
        selection, _years = selection_from(province, sector)
        with force_locale("vi"):
            chart = chart_of(selection)
            content = drawing(chart, image)
    except (BadQuery, StatisticsError) as problem:
        abort(400, str(problem))
    if not chart.marks:
        abort(400, _("Lựa chọn này chưa có số liệu nào để vẽ."))
    name = f"bieu-do-{province}-{selection.subject}-{selection.period.code}-{selection.by}.{image}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=MEDIA_TYPES[image], headers=headers)
