"""The pictures of published results as files: SVG, PNG and CSV, each at an address of its own."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, abort, request

from analysis.periods.queries import fetch_published
from analysis.presentation.charts.files import MEDIA_TYPES
from analysis.results.agencies import compare_files
from analysis.results.agencies.agency_history import agencies_in
from analysis.results.agencies.comparing import pairs_of
from analysis.results.caching import cacheable
from analysis.results.years.picture_files import csv_of, drawn, of_province
from analysis.results.years.promise_years import PromiseYears, agency_years, promise_years
from survey.foundation.access import public
from survey.registry.queries import find_province

blueprint = Blueprint("published_pictures", __name__, url_prefix="/results")
ENDINGS = "any(svg, png, csv)"


@blueprint.get(f"/<province>/pictures/<subject>.<{ENDINGS}:ending>")
@public("published results")
def file(province: str, subject: str, ending: str) -> Response:
    """A province's years of one subject."""
    shown_province = find_province(province) or abort(404)
    years = _of(promise_years(fetch_published(shown_province.id)), subject)
    return _file(years, ending, of_province(shown_province.name), csv_of(years, province), f"{province}-{subject}")


@blueprint.get(f"/<province>/agencies/<code>/<subject>.<{ENDINGS}:ending>")
@public("published results")
def agency_file(province: str, code: str, subject: str, ending: str) -> Response:
    """An agency's years of one subject."""
    shown_province = find_province(province) or abort(404)
    closings = fetch_published(shown_province.id)
    years = _of(agency_years(closings, code), subject)
    return _file(years, ending, dict(agencies_in(closings))[code], csv_of(years, province, code), f"{code}-{subject}")


@blueprint.get(f"/<province>/compare/<subject>.<{ENDINGS}:ending>")
@public("published results")
def compared_file(province: str, subject: str, ending: str) -> Response:
    """Two agencies side by side in one subject, at an address that names both."""
    shown_province = find_province(province) or abort(404)
    closings = fetch_published(shown_province.id)
    codes = (request.args.get("a", ""), request.args.get("b", ""))
    pairs = [pair for pair in pairs_of(closings, *codes) if pair.subject == subject] or abort(404)
    is_table = ending == "csv"
    content = compare_files.csv_of(pairs, closings, province) if is_table else compare_files.drawn(pairs, ending)
    return _answer(content, ending, "-".join((*codes, subject)))


def _of(all_years: Iterable[PromiseYears], subject: str) -> PromiseYears:
    return next((years for years in all_years if years.subject == subject), None) or abort(404)


def _file(years: PromiseYears, ending: str, whose: str, table: bytes, name: str) -> Response:
    return _answer(table if ending == "csv" else drawn(years, whose, ending), ending, name)


def _answer(content: bytes, ending: str, name: str) -> Response:
    answer = Response(content, content_type=MEDIA_TYPES.get(ending, "text/csv; charset=utf-8"))
    answer.headers["Content-Disposition"] = f'attachment; filename="hai-long-{name}.{ending}"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return cacheable(answer)
