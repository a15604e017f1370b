"""Where a service is served, as far as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass

from survey.accounts.agency_access import UserScope, agencies_seen, provinces_seen
from survey.accounts.models import User
from survey.accounts.permissions import VIEW
from survey.registry.models import Agency, Province, Service
from survey.registry_pages.page_queries import fetch_agencies_serving


@dataclass(frozen=True)
class ServedIn:
    """A province with the agencies that serve a service. `rated`: those of which the user may see its figures."""

    province: Province
    agencies: list[Agency]
    rated: frozenset[int]
    whole: bool  # the user may see the figures of the whole province


def served_in(service: Service, user: User) -> list[ServedIn]:
    """Each province the user sees, with the agencies known to serve it: by a counter, a caseload or an answer."""
    scope = UserScope(user, VIEW)
    places = []
    for province in provinces_seen(user):
        agencies = fetch_agencies_serving(service.id, province.id, agencies_seen(user, province.id))
        rated = {agency.id for agency in agencies if scope.allows(province.id, service.sector, agency.id)}
        places.append(ServedIn(province, agencies, frozenset(rated), scope.allows(province.id, service.sector)))
    return places
