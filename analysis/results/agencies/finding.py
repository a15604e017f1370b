"""Find one's commune, hospital or school: to read what was published of it, or to rate at one of its counters."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.periods.queries import fetch_provinces, fetch_published
from analysis.results.agencies.agency_history import agencies_in
from survey.channels.web.queries import CounterRow, fetch_counters
from survey.foundation.clock import today
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import fold, sort_key
from survey.registry.models import Province
from survey.registry.queries import fetch_agencies_by_code

MOST = 30


@dataclass(frozen=True)
class Place:
    """An agency. `code` None: nothing was published of it; `counters`: (code, name) of those that take ratings.

    `is_former`: it works no more.
    """

    province: Province
    name: str
    code: str | None
    counters: tuple[tuple[str, str], ...]
    is_former: bool = False


def places(asked: str) -> tuple[list[Place], int]:
    """The first agencies whose name holds what was asked, with or without diacritics, and how many are left."""
    if not fold(asked):
        return [], 0
    matching = [place for province in fetch_provinces() for place in _places_in(province, fold(asked))]
    matching.sort(key=lambda place: (place.is_former, sort_key(place.name)))
    return matching[:MOST], max(0, len(matching) - MOST)


def _places_in(province: Province, wanted: str) -> list[Place]:
    published = dict(agencies_in(fetch_published(province.id), wanted))
    open_at: dict[str, list[CounterRow]] = {}
    for row in fetch_counters(db.session(), [province.id]):
        if row.exists_on(today()) and wanted in fold(row.agency):
            open_at.setdefault(row.agency_code, []).append(row)
    agencies = fetch_agencies_by_code(province.id)
    former = {code for code, agency in agencies.items() if agency.valid_to is not None and agency.valid_to < today()}
    names = {code: rows[0].agency for code, rows in open_at.items()} | published
    return [
        Place(
            province,
            name,
            code if code in published else None,
            tuple((row.code, row.name) for row in open_at.get(code, [])),
            code in former,
        )
        for code, name in names.items()
    ]
