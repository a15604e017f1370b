"""/country/: what is published of the country, for everyone. No cookie, no login; only published revisions are read."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from analysis.national import words
from analysis.national.document import report_of
from analysis.national.models import CountryEdition
from analysis.national.open_data import csv_file, json_file
from analysis.national.queries import fetch_published, fetch_revisions
from analysis.reports.rendering.renderers import ENGINES
from analysis.results.caching import cacheable, public_page
from analysis.results.open_data import LICENCE
from survey.foundation.access import public
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.periods import Period
from survey.foundation.storage.database import db

blueprint = Blueprint("published_country", __name__, url_prefix="/country")
FILES = {
    "data.json": (json_file, "application/json"),
    "data.csv": (csv_file, "text/csv; charset=utf-8"),
}
_PDFS: WeightedLru[bytes] = WeightedLru(20, lambda _: 1)  # by digest: the same text is typeset once


@blueprint.get("/")
@public("published results", printed="press and portals link to the country's results")
def index() -> Response:
    """The published periods of the country."""
    return public_page(
        "national/index.html", editions=[(Period.parse(each.period), each) for each in fetch_published()]
    )


@blueprint.get("/<period>")
@public("published results", printed="cited with each published period")
def edition_page(period: str) -> Response:
    """One published period: the country, its provinces and parts."""
    edition, revisions = _published(period)
    return public_page(
        "national/edition.html",
        edition=edition,
        revisions=revisions,
        figures=edition.figures,
        period=Period.parse(edition.period),
        words=words,
        files=FILES,
        licence=LICENCE,
    )


@blueprint.get("/<period>.pdf")
@public("published results", printed="cited with each published period")
def document(period: str) -> Response:
    """The same as a document."""
    edition, _revisions = _published(period)
    report = report_of(edition)
    content = _PDFS.get((report.digest, report.name), lambda: ENGINES["pdf"].render(report))
    return _file(content, "application/pdf", f'inline; filename="{report.name}.pdf"')


@blueprint.get("/<period>/<any('data.json', 'data.csv'):name>")
@public("published results", printed="cited as the source of published figures; other programs read it")
def data_file(period: str, name: str) -> Response:
    """The edition as a file."""
    edition, _revisions = _published(period)
    content, kind = FILES[name]
    called = f"hai-long-ca-nuoc-{edition.period}-ban-{edition.revision}{name.removeprefix('data')}"
    answer = _file(content(edition), kind, f'attachment; filename="{called}"')
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _published(period: str) -> tuple[CountryEdition, list[CountryEdition]]:
    """The asked revision, or the latest published one; what is not published does not exist here."""
    revisions = [each for each in fetch_revisions(db.session(), period) if each.published_at is not None]
    asked = request.args.get("revision")
    chosen = [each for each in revisions if asked is None or str(each.revision) == asked]
    if not chosen:
        abort(404)
    return chosen[0], revisions


def _file(content: bytes, kind: str, disposition: str) -> Response:
    return cacheable(Response(content, content_type=kind, headers={"Content-Disposition": disposition}))
