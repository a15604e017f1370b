"""Which answers a page explores, read from its address and written back to it: every filter stands in the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from analysis.figures import register
from analysis.figures.breakdowns import BREAKDOWNS
from analysis.figures.query import BadQuery, FigureQuery
from analysis.figures.questions import QuestionResult
from analysis.figures.register import CounterFacts, ServiceRow
from analysis.presentation.asked_items import BETWEEN, codes_label, read_codes
from analysis.presentation.scope import Scope
from analysis.presentation.selection_queries import (
    fetch_agency_ids,
    fetch_newest_definition,
    fetch_rated_subjects,
    fetch_service_ids,
)
from analysis.statistics import Method
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.clock import today
from survey.foundation.formatting import sentence_case
from survey.foundation.languages.language import current_language
from survey.foundation.periods import Period
from survey.foundation.vocabulary import (
    AGENCY_LEVELS,
    AREAS,
    CHANNELS,
    RESPONDENT_KINDS,
    SECTOR_OF_SUBJECT,
    SUBJECTS_OF_SECTOR,
)
from survey.questionnaires.definition import Definition, Item
from survey.questionnaires.packs.service import language_names

NARROWING = ("area", "level", "service", "field", "counter", "channel", "kind", "language", "factor", "item")


@dataclass(frozen=True)
class Selection:
    """A question as the page's form puts it; empty text means "all".

    `codes`: detailed questions of any form, with the method they are asked by; only links name them.
    """

    scope: Scope
    subject: str
    period: Period
    by: str = "agency"
    method: Method = Method.TOP2
    area: str = ""
    level: str = ""
    service: str = ""
    field: str = ""
    counter: str = ""
    channel: str = ""
    kind: str = ""
    language: str = ""
    factor: str = ""
    item: str = ""
    codes: tuple[str, ...] = ()
    boundaries: str = "then"

    def question(self, by: str | None = None) -> FigureQuery:
        """The question to ask of `analysis.figures.service`."""
        return FigureQuery(
            province=self.scope.province.key,
            subject=self.subject,
            period=self.period,
            by=by,
            method=Method.ITEM_POOLED if len(self.items) > 1 and not self.codes else self.method,
            items=self.items,
            agencies=self.agencies,
            services=self.services,
            counters=self.counters,
            channels=frozenset({self.channel}) if self.channel else None,
            languages=frozenset({self.language}) if self.language else None,
            respondent_kinds=(self.kind,) if self.kind else None,
            kind_by_hand=bool(self.kind),
            beside=self.scope.beside or bool(self.scope.agency is None and (self.area or self.level)),
            boundaries=self.boundaries,
        )

    @property
    def agencies(self) -> frozenset[int] | None:
        """Ids of the agencies whose answers count; None means all."""
        ids = self.scope.agencies
        if self.area or self.level:
            chosen = fetch_agency_ids(self.scope.province.id, area=self.area, level=self.level)
            ids = chosen if ids is None else ids & chosen
        if self.counter and self.boundaries == "then":  # its dossiers are its agency's, whatever lies around
            own = {facts.agency_id for facts in counters_of(self.scope).values() if facts.code == self.counter}
            ids = frozenset(own) if ids is None else ids & own
        return ids

    @property
    def services(self) -> frozenset[int] | None:
        """Ids of the services whose answers count; None means all."""
        if not (self.service or self.field):
            return None
        return fetch_service_ids(code=self.service, field=self.field)

    @property
    def counters(self) -> frozenset[int] | None:
        """Ids of the counters whose answers count; None means all."""
        if not self.counter:
            return None
        return frozenset(id_ for id_, counter in counters_of(self.scope).items() if counter.code == self.counter)

    @property
    def items(self) -> tuple[str, ...]:
        """The detailed questions asked about; none: the subject's overall question."""
        if self.item or self.codes:
            return self.codes or (self.item,)
        if not self.factor:
            return ()
        return tuple(detailed.code for detailed in detailed_items(self.subject) if detailed.factor == self.factor)

    @property
    def items_label(self) -> str:
        """The detailed question or factor in the reader's language; empty when none is asked about."""
        if self.codes:
            return codes_label(self.codes, self.subject)
        if not (self.item or self.factor):
            return ""
        language = current_language()
        definition = definition_of(self.subject)
        items, factors = (definition.items, definition.factors) if definition else ((), ())
        named = [detailed.label(language) for detailed in items if detailed.code == self.item]
        return next(iter(named + [factor.label(language) for factor in factors if factor.code == self.factor]), "")

    @property
    def is_filtered(self) -> bool:
        """Whether it is about a part that a breakdown of the whole has a row for, beside agencies."""
        names = ("area", "service", "field", "counter", "channel", "kind", "language")
        return any(getattr(self, name) for name in names)

    def arguments(self) -> dict[str, str]:
        """What the address says beside the scope; what is left at its default is not said."""
        said = {"subject": self.subject, "period": self.period.code, "by": self.by}
        said |= {name: getattr(self, name) for name in NARROWING if getattr(self, name)}
        if self.codes:
            said["codes"] = BETWEEN.join(self.codes)
        if self.method is not Method.TOP2:
            said["method"] = str(self.method)
        if self.boundaries != "then":
            said["boundaries"] = self.boundaries
        return said

    def url(self, endpoint: str = "explore.page", **changes: Any) -> str:
        """The address of a page about this selection, with some of it changed."""
        return self.scope.url(endpoint, **{**self.arguments(), **changes})


# What a part of a breakdown narrows, and what is then shown of it.
_NARROWED = {
    "agency": ("agency", "service"),
    "service": ("service", "agency"),
    "field": ("field", "service"),
    "area": ("area", "agency"),
    "month": ("period", "agency"),
    "year": ("period", "month"),
    "counter": ("counter", "service"),
    "channel": ("channel", "agency"),
    "respondent_kind": ("kind", "agency"),
    "language": ("language", "agency"),
}


def part_url(selection: Selection, code: str) -> str | None:
    """The address of a page that explores one part of the selection's breakdown; None where there is none."""
    name, by = _NARROWED.get(selection.by, ("", ""))
    if not name or not code or code == "unknown":
        return None
    if name == "agency" and selection.scope.agency is not None and selection.scope.agency.code == code:
        return None
    agency = selection.scope.agency.code if selection.scope.agency else None
    said: dict[str, Any] = {"agency": agency, **selection.arguments(), "by": by, name: code}
    said |= {"province": selection.scope.province.key, "sector": selection.scope.sector_key}
    return url_for("explore.page", **said)


def working_url(selection: Selection, code: str) -> str:
    """The address that says how the figure of that very row of the breakdown was worked out."""
    return selection.url("explore.explain", part=code)


def result_url(selection: Selection, result: QuestionResult, method: str = "") -> str:
    """The address that says how a figure of detailed questions (none: of the overall one) was worked out.

    `method`: another than the result's own, as for its mean beside it.
    """
    alone = replace(selection, factor="", item="", codes=result.codes, method=Method(method or result.method))
    return alone.url("explore.explain")


def read_selection(scope: Scope, asked: Mapping[str, str], latest_year: int) -> Selection:
    """The selection an address asks for.

    Raises:
        BadQuery: a value is none of those offered; the message says which.
    """
    subjects = subjects_of(scope)
    selection = Selection(
        scope=scope,
        subject=_one_of(asked, "subject", subjects, _usual_subject(scope, subjects, asked.get("service", ""))),
        period=read_period(asked.get("period", ""), latest_year),
        by=_one_of(asked, "by", BREAKDOWNS, "agency" if scope.agency is None else "service"),
        method=Method(_one_of(asked, "method", [str(method) for method in Method], str(Method.TOP2))),
        area=_one_of(asked, "area", AREAS, ""),
        level=_one_of(asked, "level", AGENCY_LEVELS, ""),
        counter=_counter_in(scope, asked),
        channel=_one_of(asked, "channel", CHANNELS, ""),
        kind=_one_of(asked, "kind", RESPONDENT_KINDS, ""),
        language=_one_of(asked, "language", language_names(), ""),
        boundaries=_one_of(asked, "boundaries", ("then", "today"), "then"),
    )
    services = services_of(selection)
    items = detailed_items(selection.subject)
    selection = replace(
        selection,
        factor=_one_of(asked, "factor", {item.factor for item in items if item.factor}, ""),
        item=_one_of(asked, "item", {item.code for item in items}, ""),
        codes=read_codes(asked.get("codes", ""), selection.subject),
    )
    if sum((bool(selection.factor), bool(selection.item), selection.method is not Method.TOP2)) > 1:
        raise BadQuery(_("Chọn một trong ba: một câu hỏi, một nhóm tiêu chí hoặc một phương pháp khác."))
    return replace(
        selection,
        service=_one_of(asked, "service", [service.code for service in services], ""),
        field=_one_of(asked, "field", {service.field for service in services}, ""),
    )


def subjects_of(scope: Scope) -> list[str]:
    """The subjects one can explore in a scope, the overall ones first."""
    sectors = [scope.sector] if scope.sector else list(SUBJECTS_OF_SECTOR)
    return [subject for sector in sectors for subject in SUBJECTS_OF_SECTOR[sector]]


def _usual_subject(scope: Scope, subjects: list[str], service: str = "") -> str:
    """That of the service asked for, or the first one that anybody rated there.

    So an address may name a service of any sector alone, and a hospital's page does not begin with procedures.
    """
    if service and (known := next((row for row in register.fetch_services() if row.code == service), None)):
        return next((subject for subject in subjects if SECTOR_OF_SUBJECT[subject] == known.sector), subjects[0])
    if scope.agency is None or len(subjects) == 1:
        return subjects[0]
    rated = fetch_rated_subjects(scope.province.id, scope.agencies or frozenset())
    return next((subject for subject in subjects if subject in rated), subjects[0])


def services_of(selection: Selection) -> list[ServiceRow]:
    """The services of the subject's sector, in order of their names."""
    sector = SECTOR_OF_SUBJECT[selection.subject]
    return register.services_of(sector) if sector else []


def counters_of(scope: Scope) -> dict[int, CounterFacts]:
    """The counters of a scope's agencies, by id."""
    agencies = scope.agencies
    counters = register.fetch_counters(scope.province.id)
    return {id_: facts for id_, facts in counters.items() if agencies is None or facts.agency_id in agencies}


@read_once
def definition_of(subject: str) -> Definition | None:
    """The newest questionnaire of the subject's sector; None where none is published."""
    newest = fetch_newest_definition(SECTOR_OF_SUBJECT[subject] or "")
    return None if newest is None else Definition.parse(newest)


def detailed_items(subject: str) -> tuple[Item, ...]:
    """The detailed questions of the subject's sector that are rated 1-5, in the form's order."""
    definition = definition_of(subject)
    return tuple(item for item in definition.optional_items if item.is_rated) if definition else ()


def read_period(text: str, latest_year: int) -> Period:
    """The period an address names, the latest year by default; raises BadQuery."""
    try:
        period = Period.parse(text or str(latest_year))
    except ValueError as problem:
        raise BadQuery(
            _("Kỳ “%(text)s” không đọc được; hãy viết như 2026, 2026-Q3 hoặc 2026-10.", text=text)
        ) from problem
    if period.first_day > today():
        raise BadQuery(_("%(period)s chưa bắt đầu.", period=sentence_case(period.label())))
    return period


def _counter_in(scope: Scope, asked: Mapping[str, str]) -> str:
    if not asked.get("counter"):
        return ""
    return _one_of(asked, "counter", {counter.code for counter in counters_of(scope).values()}, "")


def _one_of(asked: Mapping[str, str], name: str, choices: Any, default: str) -> str:
    value = asked.get(name, "")
    if not value:
        return default
    if value not in choices:
        raise BadQuery(_("Bộ lọc %(name)s không có lựa chọn “%(value)s”.", name=name, value=value))
    return value
