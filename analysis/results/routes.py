"""/results/: what the province published, for everyone. No cookie, no login; only published revisions are ever read."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, make_response, request, url_for

from analysis.periods.models import Closing
from analysis.periods.queries import fetch_provinces, fetch_published, fetch_revisions
from analysis.presentation.filter_options import SHORT_METHODS
from analysis.presentation.linked_names import unshared
from analysis.results import open_data
from analysis.results.agencies import agency_services
from analysis.results.agencies.agency_history import agencies_in, history_of
from analysis.results.agencies.agency_list import GROUPS, bars_from, first_of, grouped
from analysis.results.agencies.agency_services import services_of_agency
from analysis.results.agencies.comparing import pairs_of
from analysis.results.agencies.finding import places
from analysis.results.caching import cacheable, public_page
from analysis.results.measures_done import measures_done
from analysis.results.publication import phrases
from analysis.results.publication.on_time import agency_on_time
from analysis.results.publication.ranking import SUBJECT as RANKED
from analysis.results.publication.ranking import coverage_of
from analysis.results.replies import BESIDE, replies
from analysis.results.tables import domain_of, tables
from analysis.results.years import year_words
from analysis.results.years.promise_years import agency_years, promise_years
from analysis.results.years.years_picture import axes_of, picture_of
from survey.feedback.publication_queries import Sought
from survey.foundation.access import public
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Province
from survey.registry.queries import fetch_agencies_by_code, find_province

blueprint = Blueprint("published", __name__, url_prefix="/results")
MOST = 300  # names on one page; the search narrows the rest
MIMETYPES = {
    "data.json": "application/json",
    open_data.RANKING: "application/json",
    "data.csv": "text/csv; charset=utf-8",
}


@blueprint.get("/")
@public("published results", printed="posters, press and portals link to the published results")
def index() -> Response:
    """Every province with what it has published."""
    provinces = [(province, fetch_published(province.id)) for province in fetch_provinces()]
    return public_page("results/index.html", provinces=provinces, sectors=SECTORS)


@blueprint.get("/find")
@public("published results")
def find() -> Response:
    """Find one's place, to read its results or to rate it."""
    asked = request.args.get("q", "").strip()[:100]
    shown, left = places(asked)
    return public_page("results/find.html", places=shown, left=left, asked=asked, former=str(GROUPS["former"]))


@blueprint.get("/<province>/")
@public("published results", printed="press and portals link to it")
def province_page(province: str) -> Response:
    """The promises of a province over its published periods, the latest first."""
    shown_province = _province(province)
    closings = fetch_published(shown_province.id)
    all_years = promise_years(closings)
    done = measures_done(shown_province.id, closings)
    drawn = [years for years in all_years if years.subject]
    axes = axes_of(drawn)
    return public_page(
        "results/province.html",
        province=shown_province,
        closings=closings,
        years=[closing for closing in closings if Period.parse(closing.period).kind == "year"],
        all_years=all_years,
        columns=sorted({cell.year for years in all_years for cell in years.cells}, reverse=True),
        pictures=[(years, picture_of(years, axes)) for years in drawn if axes],
        axes=axes,
        done=done,
        replies=replies(Sought(shown_province.id), size=BESIDE)[0],
        published_codes={code for code, _name in agencies_in(closings)},
        words=phrases,
        year_words=year_words,
    )


@blueprint.get("/<province>/agencies/")
@public("published results", printed="press and portals link to it")
def agencies_page(province: str) -> Response:
    """Find one's commune, hospital or school among everything that was published."""
    shown_province, asked = _province(province), request.args.get("q", "").strip()[:100]
    closings = fetch_published(shown_province.id)
    groups, left = first_of(grouped(closings, fetch_agencies_by_code(shown_province.id), today(), asked), MOST)
    return public_page(
        "results/agencies.html",
        province=shown_province,
        groups=groups,
        names=GROUPS,
        left=left,
        asked=asked,
        low=bars_from(groups),
        domain_of=domain_of,
        words=phrases,
    )


@blueprint.get("/<province>/agencies/<code>")
@public("published results", printed="agencies link to their own page")
def agency_page(province: str, code: str) -> Response:
    """One agency: its years as a picture each subject, as published then, and the services it gives."""
    shown_province, closings, name = _published_agency(province, code)
    all_years = agency_years(closings, code)
    axes = axes_of(all_years)
    agency = fetch_agencies_by_code(shown_province.id).get(code)
    services = services_of_agency(agency, closings) if agency else []
    return public_page(
        "results/agency.html",
        province=shown_province,
        code=code,
        name=name,
        history=history_of(closings, code),
        pictures={years.subject: picture_of(years, axes) for years in all_years if axes},
        services=services,
        services_low=agency_services.bars_from(services),
        on_time=agency_on_time(closings, code),
        replies=replies(Sought(shown_province.id, agency=code), size=BESIDE)[0],
        published_codes={code},
        axes=axes,
        domain_of=domain_of,
        words=phrases,
        year_words=year_words,
    )


@blueprint.get("/<province>/compare")
@public("published results")
def compare_page(province: str) -> Response:
    """Two agencies side by side, at an address that names both."""
    shown_province = _province(province)
    closings = fetch_published(shown_province.id)
    known = dict(agencies_in(closings))
    asked = (request.args.get("a", ""), request.args.get("b", ""))
    chosen = [(code, known[code]) for code in dict.fromkeys(asked) if code in known]
    return public_page(
        "results/compare.html",
        province=shown_province,
        groups=grouped(closings, fetch_agencies_by_code(shown_province.id), today()),
        names=GROUPS,
        asked=asked,
        chosen=chosen,
        pairs=pairs_of(closings, *asked) if len(chosen) == 2 else [],
        domain_of=domain_of,
        words=phrases,
    )


@blueprint.get("/<province>/agencies/<code>/data.csv")
@public("published results", printed="other programs read it")
def agency_file(province: str, code: str) -> Response:
    """The same as a file: every published period of one agency."""
    shown_province, closings, _name = _published_agency(province, code)
    answer = make_response(open_data.agency_csv(closings, shown_province.key, code))
    answer.headers["Content-Type"] = MIMETYPES["data.csv"]
    answer.headers["Content-Disposition"] = f'attachment; filename="hai-long-{shown_province.key}-{code}.csv"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return cacheable(answer)


@blueprint.get("/<province>/<period>")
@public("published results", printed="cited with each published period")
def period_page(province: str, period: str) -> Response:
    """One published period in plain words, then in tables."""
    shown_province, closing, revisions = _publication(province, period)
    asked = request.args.get("q", "").strip()[:100]
    named = agencies_in([closing])

    def own_page(code: str) -> str:
        return url_for("published.agency_page", province=shown_province.key, code=code)

    return public_page(
        "results/period.html",
        province=shown_province,
        closing=closing,
        revisions=revisions,
        period=Period.parse(closing.period),
        published_codes={code for code, _name in named},
        agency_pages=unshared((name, own_page(code)) for code, name in named),
        figures=closing.figures,
        short_methods=SHORT_METHODS,
        tables=tables(
            closing.figures or {},
            asked,
            own_page,
            partial(phrases.key_of, shown_province.key, closing.period),
        ),
        asked=asked,
        words=phrases,
        checksums=open_data.checksums(closing, shown_province.key),
        licence=open_data.LICENCE,
    )


@blueprint.get("/<province>/<period>/ranking")
@public("published results")
def ranking_page(province: str, period: str) -> Response:
    """Agencies by ranges of ranks, and the coverage: once two people have decided to publish it."""
    shown_province, closing, _revisions = _publication(province, period)
    if closing.ranking is None:
        abort(404)
    return public_page(
        "results/ranking.html",
        province=shown_province,
        closing=closing,
        period=Period.parse(closing.period),
        subject=RANKED,
        coverage=coverage_of(closing),
        words=phrases,
    )


@blueprint.get("/<province>/<period>/<any('data.json', 'data.csv'):name>")
@public("published results", printed="cited as the source of published figures; other programs read it")
def data_file(province: str, period: str, name: str) -> Response:
    """The publication as a file."""
    shown_province, closing, _revisions = _publication(province, period)
    return _file(shown_province, closing, name, name.removeprefix("data"))


@blueprint.get("/<province>/<period>/ranking.json")
@public("published results", printed="cited as the source of a published ranking; other programs read it")
def ranking_file(province: str, period: str) -> Response:
    """The ranking as a file."""
    shown_province, closing, _revisions = _publication(province, period)
    if closing.ranking is None:
        abort(404)
    return _file(shown_province, closing, open_data.RANKING, "-xep-hang.json")


def _file(shown_province: Province, closing: Closing, name: str, ending: str) -> Response:
    answer = make_response(open_data.file_of(closing, shown_province.key, name))
    answer.headers["Content-Type"] = MIMETYPES[name]
    edition = f"{shown_province.key}-{closing.period}-ban-{closing.revision}"
    answer.headers["Content-Disposition"] = f'attachment; filename="hai-long-{edition}{ending}"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return cacheable(answer)


@blueprint.get("/<province>/<period>/SHA256SUMS")
@public("published results", printed="whoever holds a published file checks it here")
def checksum_file(province: str, period: str) -> Response:
    """Checksums of the files in the form that `sha256sum --check` reads."""
    shown_province, closing, _revisions = _publication(province, period)
    lines = [f"{digest}  {name}\n" for name, digest in open_data.checksums(closing, shown_province.key).items()]
    return cacheable(Response("".join(lines), content_type="text/plain; charset=utf-8"))


def _province(key: str) -> Province:
    province = find_province(key)
    if province is None:
        abort(404)
    return province


def _published_agency(province_key: str, code: str) -> tuple[Province, list[Closing], str]:
    """An agency that stands in a publication; any other does not exist here."""
    province = _province(province_key)
    closings = fetch_published(province.id)
    names = dict(agencies_in(closings))
    if code not in names:
        abort(404)
    return province, closings, names[code]


def _publication(province_key: str, period: str) -> tuple[Province, Closing, list[Closing]]:
    """The asked revision, or the latest published one; what is closed but not published does not exist here."""
    province = _province(province_key)
    revisions = [revision for revision in fetch_revisions(province.id, period) if revision.published_at is not None]
    asked = request.args.get("revision")
    chosen = [revision for revision in revisions if asked is None or str(revision.revision) == asked]
    if not chosen:
        abort(404)
    return province, chosen[0], revisions
