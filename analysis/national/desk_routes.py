"""/desk/country/: the country's figures for whoever holds the country."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from analysis.national import words
from analysis.national.document import report_of
from analysis.national.models import CountryEdition
from analysis.national.queries import fetch_newest, fetch_revisions
from analysis.national.service import NotPublishable, hindrances, publish
from analysis.reports.rendering.renderers import ENGINES
from survey.accounts.permissions import Action, holds_country, require_country
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.pages.parameters import read_row_id
from survey.foundation.periods import Period
from survey.foundation.storage.database import db

blueprint = Blueprint("country", __name__, url_prefix="/desk/country")


@blueprint.get("/")
@needs(Action.VIEW, Of.COUNTRY)
def home() -> str:
    """The periods that have figures, and how far each has come."""
    require_country(Action.VIEW)
    editions = [(Period.parse(edition.period), edition) for edition in fetch_newest()]
    return render_template("national/editions.html", editions=editions, archive=bool(_archive()))


@blueprint.get("/<period>")
@needs(Action.VIEW, Of.COUNTRY)
def edition_page(period: str) -> str:
    """The newest revision of a period: the country, its provinces and parts, and what speaks against publishing it."""
    require_country(Action.VIEW)
    edition = _edition(period)
    unpublished = edition.published_at is None
    return render_template(
        "national/desk_edition.html",
        edition=edition,
        figures=edition.figures,
        period=Period.parse(edition.period),
        words=words,
        hindrances=hindrances(edition) if unpublished else [],
        may_publish=unpublished and holds_country(Action.PUBLISH_PERIOD),
    )


@blueprint.get("/<period>.pdf")
@needs(Action.VIEW, Of.COUNTRY)
def document(period: str) -> Response:
    """The same as a document."""
    require_country(Action.VIEW)
    report = report_of(_edition(period))
    headers = {"Content-Disposition": f'inline; filename="{report.name}.pdf"'}
    return Response(ENGINES["pdf"].render(report), content_type="application/pdf", headers=headers)


@blueprint.post("/<period>/publish")
@needs(Action.PUBLISH_PERIOD, Of.COUNTRY, names=NOTHING)
def publish_edition(period: str) -> AnyResponse:
    """Show the revision that was looked at to everybody."""
    require_country(Action.PUBLISH_PERIOD)
    edition = _edition(period)
    revision = read_row_id(request.form.get("revision", ""))
    if revision is None:
        abort(400, _("Thiếu số bản; hãy mở lại trang rồi bấm lại."))
    code = edition.period
    try:
        publish(Period.parse(code), revision, int(current_user.id))
        flash(_("Đã công bố."), "success")
    except NotPublishable as problem:
        flash(str(problem), "error")
    return redirect(url_for("country.edition_page", period=code))


def is_held() -> bool:
    """Whether the signed-in user sees the country here (for the menu); where no archive is set nobody is asked."""
    return bool(_archive()) and holds_country(Action.VIEW)


def _archive() -> str:
    archive: str = current_app.extensions["settings"].country_archive
    return archive


def _edition(period: str) -> CountryEdition:
    return next(iter(fetch_revisions(db.session(), period)), None) or abort(404)
