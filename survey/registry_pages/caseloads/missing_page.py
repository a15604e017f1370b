"""The lines of "which agency owes which month", for the sectors and agencies a user answers for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from survey.accounts.agency_access import MANAGE_CASELOADS, UserScope, agencies_seen
from survey.accounts.models import User
from survey.foundation.periods import Period, shift_month
from survey.foundation.text.vietnamese import sort_key
from survey.registry.missing_caseloads import REMEMBERED_MONTHS, MonthOwed, months_owed
from survey.registry.models import Agency, Province
from survey.registry.queries import fetch_sent
from survey.registry_pages.page_queries import fetch_agencies, fetch_services
from survey.responses.tally_queries import fetch_answered


@dataclass(frozen=True)
class OwedLine:
    """One agency and what it owes, by month."""

    agency: Agency
    months: Mapping[str, MonthOwed]

    @property
    def missing(self) -> int:
        """How many services' months have not come."""
        return sum(len(owed.missing) for owed in self.months.values())


def owed_lines(province: Province, user: User, months: Sequence[str]) -> list[OwedLine]:
    """One line for each agency that owed or sent anything in these months; the greatest debtors first."""
    return sorted(lines_of(province, user, months), key=lambda line: (-line.missing, sort_key(line.agency.name)))


def lines_of(province: Province, user: User, months: Sequence[str]) -> list[OwedLine]:
    """The same lines in no order."""
    scope = UserScope(user, MANAGE_CASELOADS)
    sector_of = {service.id: service.sector for service in fetch_services()}
    agencies = {
        agency.id: agency for agency in fetch_agencies(province.id, agencies_seen(user, province.id, MANAGE_CASELOADS))
    }
    remembered = [shift_month(months[0], -back) for back in range(1, REMEMBERED_MONTHS + 1)]

    @cache  # one decision for all months of an agency's service: there are thousands of cells
    def in_scope(agency_id: int, service_id: int) -> bool:
        return agency_id in agencies and scope.allows(province.id, sector_of[service_id], agency_id)

    answered, sent = fetch_answered(province.id, months), fetch_sent(province.id, [*remembered, *months])
    if not scope.allows(province.id):
        answered, sent = ({cell for cell in cells if in_scope(*cell[:2])} for cells in (answered, sent))
    owed = months_owed(answered, sent, months)
    return [OwedLine(agencies[id_], _while_existing(agencies[id_], of_month)) for id_, of_month in owed.items()]


def _while_existing(agency: Agency, months: Mapping[str, MonthOwed]) -> dict[str, MonthOwed]:
    # An agency that ended owes nothing for the months after; one that began later nothing for those before.
    return {
        month: owed
        for month, owed in months.items()
        if (agency.valid_to is None or agency.valid_to >= Period.parse(month).first_day)
        and (agency.valid_from is None or agency.valid_from <= Period.parse(month).last_day)
    }
