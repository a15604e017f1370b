"""What stands behind a printed counter code today: a form, or the reason why there is none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from survey.channels.web.queries import CounterRow, fetch_counter, fetch_successors
from survey.foundation.caching.register import Register, ensure_standing
from survey.foundation.clock import today
from survey.foundation.identifiers import is_code
from survey.foundation.storage.database import db
from survey.questionnaires.asked_forms import AskedForm, Forms, asked_on, forms_at
from survey.questionnaires.counter_services import Offer, ServiceOffered, offers_at
from survey.questionnaires.versions import VersionName


@dataclass(frozen=True)
class OpenCounter:
    """Everything the form's page shows; two equal ones give the same page, so it is also the page's cache key."""

    code: str
    name: str
    agency: str
    sector: str
    forms: tuple[AskedForm, ...]
    services: tuple[ServiceOffered, ...]
    questionnaire: VersionName

    @property
    def only_service(self) -> str | None:
        """The service's code where there is nothing to choose."""
        return self.services[0].code if len(self.services) == 1 else None

    @property
    def choice(self) -> dict[str, str]:
        """What the form's address says where the counter asks several."""
        return choice_of(self.sector, self.questionnaire.key) if len(self.forms) > 1 else {}


@dataclass(frozen=True)
class NoForm:
    """Why a code gives no form."""

    reason: Literal["unknown", "closed", "gone", "to_come", "not_ready"]
    name: str = ""
    agency: str = ""
    successors: tuple[str, ...] = ()


@dataclass
class Served:
    """What is remembered of a counter: the register's rows, and what decides which questionnaires are asked there."""

    row: CounterRow
    offer: Offer
    forms: Forms
    _asked: tuple[dt.date, tuple[AskedForm, ...]] | None = None  # on the day last asked for

    def asked_on(self, day: dt.date) -> tuple[AskedForm, ...]:
        """The questionnaires asked on a day."""
        known = self._asked
        if known is None or known[0] != day:
            known = self._asked = (day, asked_on(self.forms, self.offer, day))
        return known[1]


class FormChoice(NamedTuple):
    """Which of a counter's forms; the commonest where none fits. `shown` was shown already and is to be answered."""

    sector: str | None = None
    form: str | None = None
    service: str | None = None
    shown: VersionName | None = None

    def fits(self, form: AskedForm) -> tuple[bool, ...]:
        """How well a form fits; the greater the better."""
        asked_about = {service.code for service in form.services}
        return (self.service in asked_about, form.version.key == self.form, form.sector == self.sector)


THE_COMMONEST = FormChoice()


def choice_of(sector: str, key: str) -> dict[str, str]:
    """How an address names one of several forms: the sector alone for its short form, as printed long ago."""
    return {"sector": sector} | ({} if key == sector else {"form": key})


def find_counter(register: Register, code: str, wanted: FormChoice = THE_COMMONEST) -> OpenCounter | NoForm:
    """The counter as citizens meet it today.

    Args:
        register: what is known.
        code: as printed.
        wanted: which form, where the counter asks several.

    Raises:
        RegisterChanged: there is no form by what is known, but that no longer stands.
    """
    served = register.one("served", code, lambda: _read(db.session(), code)) if is_code(code) else None
    open_counter = _as_of_today(served, wanted)
    if isinstance(open_counter, NoForm):
        ensure_standing(register)
    return open_counter


def _read(session: Session, code: str) -> Served | None:
    row = fetch_counter(session, code)
    if row is None:
        return None
    offer = offers_at(session, [row.place])[row.place.counter_id]
    return Served(row, offer, forms_at(session, [row.place])[row.place.counter_id])


def _as_of_today(served: Served | None, wanted: FormChoice) -> OpenCounter | NoForm:
    if served is None:
        return NoForm("unknown")
    row, day = served.row, today()
    if row.is_agency_gone(day):
        successors = fetch_successors(db.session(), row.place.agency_id)
        return NoForm("gone", row.name, row.agency, tuple(successors))
    if row.is_closed(day):
        return NoForm("closed", row.name, row.agency)
    if row.is_agency_to_come(day):
        return NoForm("to_come", row.name, row.agency)
    asked = served.asked_on(day)
    if not asked:
        return NoForm("not_ready", row.name, row.agency)
    chosen = max(asked, key=wanted.fits)
    if wanted.shown and wanted.shown.key != chosen.version.key:
        chosen = _shown(wanted.shown, chosen, served)
    return OpenCounter(row.code, row.name, row.agency, chosen.sector, asked, chosen.services, chosen.version)


def _shown(shown: VersionName, asked: AskedForm, served: Served) -> AskedForm:
    """What a page opened before still asks, though it is asked here no more (a wave has ended, say)."""
    known = served.forms.published.get(shown.key)
    if known is None:
        return asked
    sector, title, version = known
    return AskedForm(sector, title, version, served.offer.services_of(sector))
