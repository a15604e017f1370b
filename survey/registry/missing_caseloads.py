"""Which agency owes the caseload of which month: a pure reading of what came and what was to be expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.foundation.periods import shift_month

REMEMBERED_MONTHS = 3

Cell = tuple[int, int, str]  # agency id, service id, month
Place = tuple[int, int]  # agency id, service id


@dataclass(frozen=True)
class MonthOwed:
    """One agency's month: the services whose caseload was expected, and those that have not come (ids)."""

    expected: frozenset[int]
    missing: frozenset[int]


def months_owed(
    answered: Iterable[Cell], sent: Iterable[Cell], months: Sequence[str]
) -> Mapping[int, Mapping[str, MonthOwed]]:
    """For each agency and month, what was expected and what is missing; months without expectation are left out.

    A caseload is expected where answers about the service came in that month, or where the agency sent a caseload of
    that service in one of the three months before: a silent month must not hide a missing file.

    Args:
        answered: agency x service x month with answers.
        sent: agency x service x month with a caseload, three months before the first of `months` included.
        months: the months asked about, ``YYYY-MM``, that are over.
    """
    asked: dict[str, set[Place]] = {month: set() for month in months}
    arrived = _by_month(sent)
    for month, places in _by_month(answered).items():
        if month in asked:
            asked[month] |= places
    for month, places in arrived.items():
        for later in range(REMEMBERED_MONTHS + 1):
            if (following := shift_month(month, later)) in asked:
                asked[following] |= places
    owed: dict[int, dict[str, MonthOwed]] = defaultdict(dict)
    for month, places in sorted(asked.items()):
        missing = _services(places - arrived.get(month, set()))
        for agency_id, services in _services(places).items():
            owed[agency_id][month] = MonthOwed(frozenset(services), frozenset(missing.get(agency_id, ())))
    return owed


def _by_month(cells: Iterable[Cell]) -> dict[str, set[Place]]:
    months: dict[str, set[Place]] = defaultdict(set)
    for agency_id, service_id, month in cells:
        months[month].add((agency_id, service_id))
    return months


def _services(places: Iterable[Place]) -> dict[int, list[int]]:
    by_agency: dict[int, list[int]] = defaultdict(list)
    for agency_id, service_id in places:
        by_agency[agency_id].append(service_id)
    return by_agency
