"""What stands behind a printed counter code today: a form, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from survey.channels.web.queries import CounterRow, fetch_counter, fetch_successors
from survey.foundation.clock import today
from survey.foundation.database import db
from survey.foundation.identifiers import is_code
from survey.foundation.register import Register, ensure_standing
from survey.questionnaires.counter_services import Offer, ServiceOffered, offers_at
from survey.questionnaires.versions import VersionName, current_version


@dataclass(frozen=True)
class OpenCounter:
    """Everything the form's page shows; two equal ones give the same page, so it is also the page's cache key."""

    code: str
    name: str
    agency: str
    sector: str
    sectors: tuple[str, ...]
    services: tuple[ServiceOffered, ...]
    questionnaire: VersionName

    @property
    def only_service(self) -> str | None:
        """The service's code where there is nothing to choose."""
        return self.services[0].code if len(self.services) == 1 else None


@dataclass(frozen=True)
class NoForm:
    """Why a code gives no form."""

    reason: Literal["unknown", "closed", "gone", "to_come", "not_ready"]
    name: str = ""
    agency: str = ""
    successors: tuple[str, ...] = ()


class Served(NamedTuple):
    """What is remembered of a counter: the register's rows, and what is asked about each sector served there."""

    row: CounterRow
    offer: Offer
    questionnaires: Mapping[str, VersionName]


def find_counter(register: Register, code: str, sector: str | None = None) -> OpenCounter | NoForm:
    """The counter as citizens meet it today.

    Args:
        register: what is known.
        code: as printed.
        sector: which form, where the counter serves several sectors; the commonest when None or not served.

    Raises:
        RegisterChanged: there is no form by what is known, but that no longer stands.
    """
    served = register.one("served", code, lambda: _read(db.session(), code)) if is_code(code) else None
    found = _as_of_today(served, sector)
    if isinstance(found, NoForm):
        ensure_standing(register)
    return found


def _read(session: Session, code: str) -> Served | None:
    row = fetch_counter(session, code)
    if row is None:
        return None
    offer = offers_at(session, [row.place])[row.place.counter_id]
    current = {sector: current_version(session, sector) for sector in offer.sectors}
    return Served(row, offer, {sector: version for sector, version in current.items() if version})


def _as_of_today(served: Served | None, sector: str | None) -> OpenCounter | NoForm:
    if served is None:
        return NoForm("unknown")
    row, offer, questionnaires = served
    day = today()
    if row.is_agency_gone(day):
        successors = fetch_successors(db.session(), row.place.agency_id)
        return NoForm("gone", row.name, row.agency, tuple(successors))
    if row.is_closed(day):
        return NoForm("closed", row.name, row.agency)
    if row.is_agency_to_come(day):
        return NoForm("to_come", row.name, row.agency)
    chosen = sector if sector in offer.sectors else next(iter(offer.sectors), None)
    if chosen is None or chosen not in questionnaires:
        return NoForm("not_ready", row.name, row.agency)
    questionnaire = questionnaires[chosen]
    return OpenCounter(row.code, row.name, row.agency, chosen, offer.sectors, offer.services_of(chosen), questionnaire)
