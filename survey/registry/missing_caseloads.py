"""Which agency owes the caseload of which month: a pure reading of what came and what was to be expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.foundation.periods import shift_month

REMEMBERED_MONTHS = 3

Cell = tuple[int, int, str]  # agency id, service id, month


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
    asked, arrived = set(months), set(sent)
    expected = {cell for cell in answered if cell[2] in asked}
    for month in {month for _agency, _service, month in arrived}:
        places = [(agency_id, service_id) for agency_id, service_id, its_month in arrived if its_month == month]
        for later in range(REMEMBERED_MONTHS + 1):
            if (following := shift_month(month, later)) in asked:
                expected.update((agency_id, service_id, following) for agency_id, service_id in places)
    missing = expected - arrived
    by_agency: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for agency_id, service_id, month in expected:
        by_agency[agency_id][month].add(service_id)
    return {
        agency_id: {
            month: MonthOwed(
                frozenset(services), frozenset(id_ for id_ in services if (agency_id, id_, month) in missing)
            )
            for month, services in sorted(of_month.items())
        }
        for agency_id, of_month in by_agency.items()
    }
