"""Everything the page of one agency shows."""

from __future__ import annotations

from dataclasses import dataclass

from survey.accounts.agency_access import MANAGE_AGENCIES, MANAGE_CASELOADS, UserScope
from survey.accounts.models import User
from survey.accounts.permissions import VIEW
from survey.foundation.clock import month_of, today
from survey.foundation.periods import shift_month
from survey.foundation.storage.database import db
from survey.registry.missing_caseloads import REMEMBERED_MONTHS, MonthOwed, months_owed
from survey.registry.models import Agency, AgencySuccession, Counter
from survey.registry.queries import fetch_sent
from survey.registry.successions import fetch_documents
from survey.registry_pages.page_queries import fetch_counters, fetch_successions_of
from survey.responses.tally_queries import fetch_answered

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class AgencyOverview:
    """One agency with what surrounds it.

    `sectors`: whose figures may be seen (None: all at once); `months`: (month, what is owed or None), the newest first.
    """

    agency: Agency
    exists: bool
    links: list[AgencySuccession]
    related: dict[int, Agency]
    document: str
    counters: list[Counter]
    months: list[tuple[str, MonthOwed | None]]
    sectors: list[str | None]
    may_edit: bool
    may_enter: bool

    @property
    def successors(self) -> list[AgencySuccession]:
        """The successions in which it was taken over."""
        return [link for link in self.links if link.predecessor_id == self.agency.id]

    @property
    def predecessors(self) -> list[AgencySuccession]:
        """The successions in which it took over."""
        return [link for link in self.links if link.successor_id == self.agency.id]


def overview(agency: Agency, user: User) -> AgencyOverview:
    """Read it all."""
    links, related = fetch_successions_of(agency.id)
    return AgencyOverview(
        agency=agency,
        exists=agency.exists_on(today()),
        links=links,
        related=related,
        document=fetch_documents(db.session(), agency.id).get(agency.id, ""),
        counters=fetch_counters(agency.id),
        months=_months(agency),
        sectors=_sectors(agency, UserScope(user, VIEW)),
        may_edit=UserScope(user, MANAGE_AGENCIES).allows(agency.province_id, None, agency.id),
        may_enter=bool(UserScope(user, MANAGE_CASELOADS).sectors(agency.province_id, agency.id)),
    )


def _sectors(agency: Agency, scope: UserScope) -> list[str | None]:
    if scope.allows(agency.province_id, None, agency.id):
        return [None]
    return list(scope.sectors(agency.province_id, agency.id))


def _months(agency: Agency) -> list[tuple[str, MonthOwed | None]]:
    months = past_months(MONTHS_SHOWN)
    remembered = [shift_month(months[0], -back) for back in range(1, REMEMBERED_MONTHS + 1)]
    answered = {cell for cell in fetch_answered(agency.province_id, months) if cell[0] == agency.id}
    sent = {cell for cell in fetch_sent(agency.province_id, [*remembered, *months]) if cell[0] == agency.id}
    owed = months_owed(answered, sent, months).get(agency.id, {})
    return [(month, owed.get(month)) for month in reversed(months)]


def past_months(count: int) -> list[str]:
    """The last `count` months that are over, in order."""
    current = month_of(today())
    return [shift_month(current, -back) for back in range(count, 0, -1)]
