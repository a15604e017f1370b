"""Which counters get sheets: those of an agency with all below it, but for those that will take no rating again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from survey.channels.sheets.rendering import CounterSheet
from survey.channels.web.qr import public_address
from survey.channels.web.queries import CounterRow
from survey.foundation.clock import today
from survey.foundation.text.vietnamese import in_order
from survey.registry.queries import find_agency
from survey.registry.tree import ancestors_of, subtree_of


class PlaceAbove(NamedTuple):
    """An agency with how many counters it and those below it have."""

    code: str
    name: str
    counters: int


def may_be_printed(row: CounterRow) -> bool:
    """Whether a sheet of the counter is of use: today, or once its agency begins."""
    day = today()
    return not row.is_closed(day) and not row.is_agency_gone(day)


def below(agency: str, rows: Sequence[CounterRow]) -> list[CounterRow]:
    """Those of the counters that belong to an agency or to one below it; none where there is no such agency."""
    above = find_agency(agency)
    ids = set(subtree_of(above.id)) if above else set()
    return [row for row in rows if row.place.agency_id in ids]


def places_above(rows: Sequence[CounterRow]) -> list[PlaceAbove]:
    """Every agency that has some of these counters, itself or below it, by name."""
    above = ancestors_of({row.place.agency_id for row in rows})
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        for agency in above[row.place.agency_id]:
            counts[agency] = counts.get(agency, 0) + 1
    return in_order((PlaceAbove(*agency, count) for agency, count in counts.items()), lambda place: (place.name,))


def sheet_of(row: CounterRow) -> CounterSheet:
    """A counter's sheet with its public address."""
    return CounterSheet(row.agency, row.name, row.code, public_address(row.code))
