"""What stands behind a printed counter code today: a form, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from survey.channels.web.queries import fetch_counter, fetch_successors
from survey.foundation.clock import today
from survey.foundation.identifiers import is_code
from survey.questionnaires.counter_services import ServiceOffered, offers_at
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


def find_counter(session: Session, code: str, sector: str | None = None) -> OpenCounter | NoForm:
    """The counter as citizens meet it today.

    Args:
        session: reads only.
        code: as printed.
        sector: which form, where the counter serves several sectors; the commonest when None or not served.
    """
    row = fetch_counter(session, code) if is_code(code) else None
    if row is None:
        return NoForm("unknown")
    day = today()
    if row.is_agency_gone(day):
        return NoForm("gone", row.name, row.agency, tuple(fetch_successors(session, row.place.agency_id)))
    if row.is_closed(day):
        return NoForm("closed", row.name, row.agency)
    if row.is_agency_to_come(day):
        return NoForm("to_come", row.name, row.agency)
    offer = offers_at(session, [row.place])[row.place.counter_id]
    chosen = sector if sector in offer.sectors else next(iter(offer.sectors), None)
    questionnaire = current_version(session, chosen) if chosen else None
    if chosen is None or questionnaire is None:
        return NoForm("not_ready", row.name, row.agency)
    return OpenCounter(row.code, row.name, row.agency, chosen, offer.sectors, offer.services_of(chosen), questionnaire)
