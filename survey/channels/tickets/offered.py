"""For which counter, and which of its services, the signed-in official makes tickets."""

from __future__ import annotations

from typing import NamedTuple

from flask import abort

from survey.accounts.permissions import VIEW, Action, Resource, allowed
from survey.channels.web.queries import CounterRow, fetch_counter
from survey.foundation.identifiers import is_code
from survey.foundation.storage.database import db
from survey.questionnaires.counter_services import offers_at

MAKE = Action.MAKE_TICKETS


class MayMake(NamedTuple):
    """A counter, its services' names by code, and of which sectors tickets may be made there; None: of all."""

    row: CounterRow
    services: dict[str, str]
    sectors: frozenset[str] | None


def counter_to_make_for(code: str) -> MayMake:
    """The counter and what of it is theirs, for those who may make tickets there.

    Raises:
        NotFound, Forbidden: they may not even see it, or only see it.
    """
    row = fetch_counter(db.session(), code) if is_code(code) else None
    if row is None:
        abort(404)
    offer = offers_at(db.session(), [row.place])[row.place.counter_id]
    resources = [Resource(row.province_id, sector, row.place.agency_id) for sector in (offer.sectors or (None,))]
    if not any(allowed(VIEW, resource) for resource in resources):
        abort(404)
    mine = [resource.sector for resource in resources if allowed(MAKE, resource)]
    if not mine:
        abort(403)
    services = {service.code: service.name for service in offer.services if service.sector in mine}
    every = len(mine) == len(resources)
    return MayMake(row, services, None if every else frozenset(sector for sector in mine if sector))
