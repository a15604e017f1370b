"""Asks `figures.service` for everything a report says, and keeps each question with its answer for the attachment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.figures.suppression.complement import held_back
from analysis.periods.closings import fetch_closing_instant
from analysis.presentation.figures_json import figure_json
from analysis.reports.queries import Coded, fetch_codes, fetch_ids
from analysis.statistics import Method, Showing, Threshold
from analysis.statistics.variance.exact import Exact
from survey.foundation.periods import Period
from survey.registry.models import Agency, Counter, Service

Key = tuple[FigureQuery, Threshold | None]


class Shared(dict[Key, Figures]):
    """Answers that many questions of one run need, above all about a whole province: each is computed once."""

    def ask(self, question: FigureQuery, threshold: Threshold | None = None) -> Figures:
        """The answer without the cells behind it."""
        key = question, threshold
        if key not in self:
            self[key] = _light(answer(*key, ask=partial(self.ask, threshold=threshold)))
        return self[key]


class Inquiry:
    """One report's questions. The same question asked twice is answered once."""

    def __init__(
        self,
        province: str,
        period: Period,
        *,
        until: dt.date | None = None,
        closed_at: dt.datetime | None = None,
        closings: Mapping[str, dt.datetime | None] | None = None,
        shared: Shared | None = None,
        beside: bool = True,
    ):
        """`until` holds for every question; `closed_at` pins the period itself to the revision that was in force, so
        that the report can still be verified after a later one. Other periods are pinned in the same
        way: to what `closings` says by their codes, otherwise to what is in force now. `beside`: agencies are told as
        to readers of the whole province (decision 21); documents made before 0.2 were not."""
        self.province = province
        self.period = period
        self.until = until
        self.closed_at = closed_at
        self._answers: dict[Key, Figures] = {}
        self._used: dict[Key, set[str]] = {}  # of shared answers: the domains this report speaks about
        self.many = shared is not None  # one of many reports: whole provinces are then worth reading at once
        self._held: dict[Key, set[str]] = {}  # the domains that are told nowhere in this report
        self._closings = closings or {}
        self.beside = beside
        self._shared = Shared() if shared is None else shared

    def ask(self, subject: str, threshold: Threshold | None = None, **narrowing: Any) -> Figures:
        """The answer for a subject; `narrowing` are further fields of `FigureQuery` (by, agencies, period, …)."""
        return self._answer(self._key(subject, threshold, narrowing))

    def ask_question(self, question: FigureQuery, threshold: Threshold | None = None) -> Figures:
        """The answer to a question made elsewhere, pinned to what was closed when the report was made."""
        return self._answer((self._pinned(question), threshold))

    def _answer(self, key: Key) -> Figures:
        if key not in self._answers:
            self._answers[key] = answer(*key, ask=partial(self._shared.ask, threshold=key[1]))
        return self._answers[key]

    def ask_agency(self, subject: str, agency: str, threshold: Threshold | None = None, **narrowing: Any) -> Figure:
        """One agency's figure out of the answer for all agencies, which all reports of a run share."""
        key = self._key(subject, threshold, {**narrowing, "by": "agency", "agencies": None})
        figures = self._answers.setdefault(key, self._shared.ask(*key))
        self._used.setdefault(key, set()).add(agency)
        return next((figure for figure in figures.figures if figure.domain == agency), silent(agency))

    def hold_back(self, subject: str, domain: str, threshold: Threshold | None = None, **narrowing: Any) -> None:
        """Tell a figure that was asked nowhere, from now on and in the attachment."""
        key = self._key(subject, threshold, narrowing)
        self._held.setdefault(key, set()).add(domain)
        self._answers[key] = without(self._answers[key], self._held[key])

    def _key(self, subject: str, threshold: Threshold | None, narrowing: dict[str, Any]) -> Key:
        asked = {"period": self.period, "until": self.until, **narrowing}
        return self._pinned(FigureQuery(province=self.province, subject=subject, **asked)), threshold

    def _pinned(self, question: FigureQuery) -> FigureQuery:
        """As this report asks it: of what was closed then, for readers who are told the whole province, too."""
        beside = self.beside and question.agencies is not None
        return replace(question, received_before=self.closing(question.period), beside=beside)

    def closing(self, period: Period) -> dt.datetime | None:
        """The instant at which a period was closed, as this report takes it; None while it is open."""
        if period == self.period:
            return self.closed_at
        if period.code in self._closings:
            return self._closings[period.code]
        return fetch_closing_instant(fetch_province(self.province).id, period.code)

    def as_json(self) -> list[dict[str, Any]]:
        """Every question with its figures, as this report's readers may see them."""
        return [
            answer_json(figures, key[1], self._used.get(key), self._held.get(key, ()))
            for key, figures in self._answers.items()
        ]


def _light(figures: Figures) -> Figures:
    """Without the cells behind the figures, which are of no use later and would fill the memory of a long run."""
    bare = tuple(
        figure if figure.estimate is None else replace(figure, estimate=replace(figure.estimate, exact=Exact(None)))
        for figure in figures.figures
    )
    return replace(figures, figures=bare, cells=None, estimation=None)


def silent(domain: str) -> Figure:
    """The figure of a domain without answers."""
    return Figure(domain, domain, None, None, None, Showing.SUPPRESSED)


def without(figures: Figures, held: Collection[str]) -> Figures:
    """The same without the figures of these domains."""
    rows = tuple(held_back(figure) if figure.domain in held else figure for figure in figures.figures)
    return replace(figures, figures=rows)


def answer_json(
    figures: Figures, threshold: Threshold | None, only: Iterable[str] | None = None, held: Collection[str] = ()
) -> dict[str, Any]:
    """One question and its figures (of the domains in `only`), in the form `question_from` reads back.

    `held`: domains that stand hidden beside other figures of the same report.
    """
    names, figures = None if only is None else sorted(only), without(figures, held)
    together = figures.together
    return {
        "question": question_json(figures.question),
        "threshold": None if threshold is None else str(threshold),
        "only": names,
        **({"held": sorted(held)} if held else {}),
        "figures": [
            figure_json(figure, threshold, together.get(figure.domain))
            for figure in figures.figures
            if names is None or figure.domain in names
        ],
    }


def question_json(question: FigureQuery) -> dict[str, Any]:
    """A question by codes, every field of it, so that it can be asked again of a restored or moved database."""
    return _each({spec.name: getattr(question, spec.name) for spec in fields(FigureQuery)}, _WRITTEN)


def question_from(content: Mapping[str, Any]) -> FigureQuery:
    """The question that `question_json` wrote.

    Raises:
        ValueError, KeyError, LookupError: the content is no such question, or names an agency that does not exist.
    """
    values = dict(content)
    if "boundaries" not in values and len(values["respondent_kinds"]) > 1:  # written before 0.2: both kinds meant all
        values["respondent_kinds"] = None
    if unknown := values.keys() - {spec.name for spec in fields(FigureQuery)}:
        raise ValueError(f"Câu hỏi có phần không rõ: {', '.join(sorted(unknown))}.")
    return FigureQuery(**_each(values, _READ))


def _each(values: Mapping[str, Any], forms: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {
        name: forms[name](value) if name in forms and value is not None else value for name, value in values.items()
    }


def _ids_of(kind: Coded, words: str) -> Callable[[list[str]], frozenset[int]]:
    """Ids by codes. Raises LookupError: a code that none of the kind has."""

    def known(codes: list[str]) -> frozenset[int]:
        id_of = fetch_ids(kind, codes)
        if missing := sorted(set(codes) - id_of.keys()):
            raise LookupError(f"Không có {words} {', '.join(missing)}.")
        return frozenset(id_of.values())

    return known


agency_codes = partial(fetch_codes, Agency)
agency_ids = _ids_of(Agency, "cơ quan")

# How the fields of a question that are no plain JSON are written and read; the others stand as they are.
_WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "period": lambda period: period.code,
    "method": str,
    "items": list,
    "agencies": agency_codes,
    "services": partial(fetch_codes, Service),
    "counters": partial(fetch_codes, Counter),
    "channels": sorted,
    "languages": sorted,
    "respondent_kinds": list,
    "received_before": dt.datetime.isoformat,
    "until": dt.date.isoformat,
}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "period": lambda code: Period.parse(code, days=True),
    "method": Method,
    "items": tuple,
    "agencies": agency_ids,
    "services": _ids_of(Service, "dịch vụ"),
    "counters": _ids_of(Counter, "quầy"),
    "channels": frozenset,
    "languages": frozenset,
    "respondent_kinds": tuple,
    "received_before": dt.datetime.fromisoformat,
    "until": dt.date.fromisoformat,
}
