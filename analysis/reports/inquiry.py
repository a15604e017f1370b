"""Asks `analysis.figures` for everything a report says, and keeps each question with its answer for the attachment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from analysis.as_json import figure_json
from analysis.figures import Figure, Figures, Question, answer
from analysis.queries.closings import fetch_closing_instant
from analysis.queries.register import fetch_province
from analysis.reports.queries import fetch_codes, fetch_ids, fetch_service_codes, fetch_service_ids
from analysis.statistics import Method, Showing
from analysis.statistics import Target as Threshold
from analysis.statistics.exact import Exact
from survey.foundation.periods import Period

Key = tuple[Question, Threshold | None]


class Shared(dict[Key, Figures]):
    """Answers about a whole province that many reports of one run need: each is computed once."""


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
    ):
        """`until` holds for every question; `closed_at` pins the period itself to the revision that was in force, so
        that the report can still be verified after a later one. Other periods are pinned in the same
        way: to what `closings` says by their codes, otherwise to what is in force now."""
        self.province = province
        self.period = period
        self.until = until
        self.closed_at = closed_at
        self._answers: dict[Key, Figures] = {}
        self._used: dict[Key, set[str]] = {}  # of shared answers: the domains this report speaks about
        self.many = shared is not None  # one of many reports: whole provinces are then worth reading at once
        self._closings = closings or {}
        self._shared = Shared() if shared is None else shared

    def ask(self, subject: str, threshold: Threshold | None = None, **narrowing: Any) -> Figures:
        """The answer for a subject; `narrowing` are further fields of `Question` (by, agencies, period, …)."""
        return self._answer(self._key(subject, threshold, narrowing))

    def ask_question(self, question: Question) -> Figures:
        """The answer to a question made elsewhere, pinned to what was closed when the report was made."""
        return self._answer((replace(question, received_before=self.closing(question.period)), None))

    def _answer(self, key: Key) -> Figures:
        if key not in self._answers:
            self._answers[key] = answer(*key)
        return self._answers[key]

    def ask_agency(self, subject: str, agency: str, threshold: Threshold | None = None, **narrowing: Any) -> Figure:
        """One agency's figure out of the answer for all agencies, which all reports of a run share."""
        key = self._key(subject, threshold, {**narrowing, "by": "agency", "agencies": None})
        if key not in self._shared:
            self._shared[key] = _light(answer(*key))
        self._answers[key] = self._shared[key]
        self._used.setdefault(key, set()).add(agency)
        return next((one for one in self._shared[key].figures if one.domain == agency), silent(agency))

    def _key(self, subject: str, threshold: Threshold | None, narrowing: dict[str, Any]) -> Key:
        before = self.closing(narrowing.get("period", self.period))
        fields = {"period": self.period, "until": self.until, "received_before": before, **narrowing}
        return Question(province=self.province, subject=subject, **fields), threshold

    def closing(self, period: Period) -> dt.datetime | None:
        """The instant at which a period was closed, as this report takes it; None while it is open."""
        if period == self.period:
            return self.closed_at
        if period.code in self._closings:
            return self._closings[period.code]
        return fetch_closing_instant(fetch_province(self.province).id, period.code)

    def as_json(self) -> list[dict[str, Any]]:
        """Every question with its figures, as this report's readers may see them."""
        return [answer_json(figures, key[1], self._used.get(key)) for key, figures in self._answers.items()]


def _light(figures: Figures) -> Figures:
    """Without the cells behind the figures, which are of no use later and would fill the memory of a long run."""
    bare = tuple(
        one if one.estimate is None else replace(one, estimate=replace(one.estimate, exact=Exact(None)))
        for one in figures.figures
    )
    return replace(figures, figures=bare, cells=None, estimation=None)


def silent(domain: str) -> Figure:
    """The figure of a domain without answers."""
    return Figure(domain, domain, None, None, None, Showing.SUPPRESSED)


def answer_json(figures: Figures, threshold: Threshold | None, only: Iterable[str] | None = None) -> dict[str, Any]:
    """One question and its figures (of the domains in `only`), in the form `question_from` reads back."""
    names = None if only is None else sorted(only)
    return {
        "question": question_json(figures.question),
        "threshold": None if threshold is None else str(threshold),
        "only": names,
        "figures": [figure_json(one, threshold) for one in figures.figures if names is None or one.domain in names],
    }


def question_json(question: Question) -> dict[str, Any]:
    """A question by codes, so that it can be asked again of a restored or moved database."""
    return {
        "province": question.province,
        "subject": question.subject,
        "period": question.period.code,
        "by": question.by,
        "method": str(question.method),
        "audience": question.audience,
        "agencies": None if question.agencies is None else fetch_codes(question.agencies),
        "services": None if question.services is None else fetch_service_codes(question.services),
        "respondent_kinds": list(question.respondent_kinds),
        "until": question.until.isoformat() if question.until else None,
        "received_before": question.received_before.isoformat() if question.received_before else None,
    }


def question_from(content: Mapping[str, Any]) -> Question:
    """The question that `question_json` wrote.

    Raises:
        ValueError, KeyError, LookupError: the content is no such question, or names an agency that does not exist.
    """
    agencies, services = content["agencies"], content.get("services")
    before, until = content["received_before"], content["until"]
    return Question(
        province=content["province"],
        subject=content["subject"],
        period=Period.parse(content["period"], days=True),
        by=content["by"],
        method=Method(content["method"]),
        audience=content["audience"],
        agencies=None if agencies is None else agency_ids(agencies),
        services=None if services is None else _known(services, fetch_service_ids(services), "dịch vụ"),
        respondent_kinds=tuple(content["respondent_kinds"]),
        until=dt.date.fromisoformat(until) if until else None,
        received_before=dt.datetime.fromisoformat(before) if before else None,
    )


def agency_ids(codes: list[str]) -> frozenset[int]:
    """The ids of agencies by code.

    Raises:
        LookupError: a code that no agency has.
    """
    return _known(codes, fetch_ids(codes), "cơ quan")


def _known(codes: list[str], found: dict[str, int], kind: str) -> frozenset[int]:
    if missing := sorted(set(codes) - found.keys()):
        raise LookupError(f"Không có {kind} {', '.join(missing)}.")
    return frozenset(found.values())
