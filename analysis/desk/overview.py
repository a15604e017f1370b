"""The desk's first page: where we stand against each target, what moves it, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from math import floor

import numpy as np

from analysis.desk.control_limits import control_limits, control_sentence
from analysis.desk.months_chart import MonthsChart, months_chart
from analysis.desk.movement import MonthlyChange, last_movement, movement_sentence
from analysis.desk.todo import fetch_silent
from analysis.desk.trend import trend_sentence, year_sentence
from analysis.desk.waiting_queries import count_waiting
from analysis.figures.figure import Figure, Figures
from analysis.figures.service import answer
from analysis.periods.late import LateAnswers, late_answers
from analysis.presentation.caseload_units import in_units
from analysis.presentation.gap_contributions import GapContributions, gap_contributions
from analysis.presentation.phrases import SHORT_SUBJECTS, mark_words, sentence
from analysis.presentation.scope import Scope
from analysis.presentation.sensitivity import sensitivity
from analysis.presentation.todo import Todo, todo_of
from analysis.reference.service import ReferenceFigures, fetch_reference_figures
from analysis.targets.models import Target
from analysis.targets.service import DUE, ON_THE_WAY, JudgedTarget, judged
from survey.devices.queries import SilentDevice
from survey.foundation.periods import Period

ORDER = {DUE: 0, ON_THE_WAY: 1}
EVER_HIGHER = ("health_service", "education_service")  # Đắk Lắk 323/QĐ-UBND, II.3
MOST_CONTRIBUTIONS = 8
TWO_POPULATIONS = "health_and_education"  # a mean of two shares, of which no count is the numerator


@dataclass(frozen=True)
class Part:
    """One of the figures whose plain mean a figure is, and the address of its working."""

    subject: str
    figure: Figure
    working: str


@dataclass(frozen=True)
class Standing:
    """One satisfaction target with its figure and the sentence that says it."""

    target: Target
    status: str
    figures: Figures
    subject: str  # what it is about, and whose where it is an agency's own
    sentence: str
    months: tuple[Figure, ...]  # those between the first and the last that has a figure
    working: Callable[..., str | None]  # the address of the figure's working, or of the row `part` of it `by` something
    otherwise: str | None = None  # the verdicts, were the silent 2, 5 or 10 points different
    beside: tuple[str, ...] = ()  # differences seen, counters, pace, and what would settle the verdict
    parts: tuple[Part, ...] = ()  # those it is the plain mean of; none: it was worked out of answers

    @property
    def change(self) -> MonthlyChange | None:
        """The last month set against the one before."""
        return last_movement(self.months)

    @property
    def figure(self) -> Figure:
        """The figure of the whole scope."""
        return self.figures.total

    @property
    def has_answers(self) -> bool:
        """Whether anyone answered at all."""
        estimate = self.figure.estimate
        return estimate is not None and estimate.responses > 0


@dataclass(frozen=True)
class Detail:
    """What lies behind one standing; `courses`: a sentence each on movement, trend, control limits and the year."""

    standing: Standing
    months: MonthsChart
    courses: tuple[str, ...]
    agencies: GapContributions | None
    services: GapContributions | None
    units_answered: int
    units: int


@dataclass(frozen=True)
class Overview:
    """Everything on the page.

    `silent`: targets without an answer that may be told in this scope and year; `reference`: official figures of
    another method; `waiting`: where no target has one, how many came that are not told yet.
    """

    standings: tuple[Standing, ...]
    silent: tuple[Standing, ...]
    coverage: tuple[JudgedTarget, ...]
    detail: Detail | None
    silent_devices: tuple[SilentDevice, ...]
    todo: tuple[Todo, ...]
    reference: ReferenceFigures | None
    late: tuple[LateAnswers, ...]
    waiting: int

    @property
    def axis_low(self) -> float:
        """Where the strips' common axis begins: a tenth below all that is drawn, never above 50 %."""
        ends = [0.6]
        for standing in self.standings:
            interval = standing.figure.estimate.interval_90 if standing.figure.estimate else None
            ends += [float(standing.target.threshold)] + ([interval.low] if interval else [])
        return max(floor(min(ends) * 10 - 1) / 10, 0.0)


def overview(scope: Scope, year: int, target_code: str | None = None) -> Overview:
    """The page's content; `target_code` chooses which target is looked into, the first by default."""
    rows = judged(scope.province.key, year, agencies=scope.agencies, subjects=scope.subjects, beside=scope.beside)
    all_standings = _standings(rows, scope)
    standings = sorted((standing for standing in all_standings if standing.has_answers), key=_importance)
    silent = tuple(standing for standing in all_standings if not standing.has_answers)
    chosen = next(
        (standing for standing in standings if standing.target.code == target_code), standings[0] if standings else None
    )
    return Overview(
        standings=tuple(standings),
        silent=silent,
        coverage=tuple(row for row in rows if row.units is not None),
        detail=_detail(chosen) if chosen else None,
        silent_devices=tuple(fetch_silent(scope.province.id, agency_ids=scope.agencies, sector=scope.sector)),
        todo=todo_of(scope),
        reference=_reference(scope),
        late=_late(scope, year),
        waiting=0 if standings else count_waiting(scope, Period.parse(str(year))),
    )


def work_out(scope: Scope, year: int) -> None:
    """Remember what the page shows to everyone who may see it, in the language of now."""
    standings = _standings(
        judged(scope.province.key, year, agencies=scope.agencies, subjects=scope.subjects, beside=scope.beside), scope
    )
    answered = [standing for standing in standings if standing.has_answers]
    if answered:
        _detail(min(answered, key=_importance))
    _late(scope, year)
    _reference(scope)


def _standings(rows: Iterable[JudgedTarget], scope: Scope) -> list[Standing]:
    return [_standing(row, row.figures, scope) for row in rows if row.figures is not None]


def _late(scope: Scope, year: int) -> tuple[LateAnswers, ...]:
    sectors = {scope.sector} if scope.sector else None
    return late_answers(scope.province.id, Period.parse(str(year)), sectors=sectors, agency_ids=scope.agencies)


def _reference(scope: Scope) -> ReferenceFigures | None:
    # SIPAS speaks of the administrative service of a whole province: beside anything else it would mislead.
    if scope.agency is not None or scope.sector not in (None, "administration"):
        return None
    return fetch_reference_figures(scope.province.key)


def _standing(row: JudgedTarget, figures: Figures, scope: Scope) -> Standing:
    target, status = row.in_year.target, row.in_year.status
    mark = mark_words(status, target.comparator, target.threshold, target.due_year)
    subject = str(SHORT_SUBJECTS[target.subject or ""])
    if target.agency is not None:
        subject = f"{subject}, {target.agency.name}"
    certainty = sensitivity(figures)
    otherwise, beside = (certainty.otherwise, certainty.lines) if certainty else (None, ())
    by_month = answer(replace(figures.question, by="month"), figures.threshold)
    words = in_units(sentence(subject, figures.total, mark), target.subject or "")
    working = _working(target, figures, scope)
    months, parts = _answered(by_month.figures), _parts(target, figures, scope)
    return Standing(target, status, figures, subject, words, months, working, otherwise, beside, parts)


def _working(target: Target, figures: Figures, scope: Scope) -> Callable[..., str | None]:
    """The working of the very figure the clause is judged on: of its agencies and of the kinds it counts."""
    if target.subject == TWO_POPULATIONS:  # the plain mean of two figures, each with its own
        return lambda **_part: None
    asked = {"subject": target.subject, "period": figures.question.period.code, "kind": _only_kind(target)}
    return partial(_own_scope(target, figures, scope).url, "explore.explain", **asked)


def _parts(target: Target, figures: Figures, scope: Scope) -> tuple[Part, ...]:
    if target.subject != TWO_POPULATIONS:
        return ()
    own, period, kind = _own_scope(target, figures, scope), figures.question.period.code, _only_kind(target)
    return tuple(
        Part(
            str(SHORT_SUBJECTS[subject]),
            answer(replace(figures.question, subject=subject)).total,
            own.url("explore.explain", subject=subject, period=period, kind=kind),
        )
        for subject in EVER_HIGHER
    )


def _own_scope(target: Target, figures: Figures, scope: Scope) -> Scope:
    """Whose answers the clause is judged on."""
    scopes = [replace(scope, agency=agency) for agency in (target.agency, scope.agency)]
    return next((each for each in scopes if each.agencies == figures.question.agencies), scope)


def _only_kind(target: Target) -> str | None:
    """The one kind of respondents a clause counts; None: several."""
    kinds = target.counted_kinds
    return kinds[0] if len(kinds) == 1 else None


def _importance(standing: Standing) -> tuple[int, float, str]:
    caseload = standing.figure.caseload
    return ORDER.get(standing.status, 2), -(caseload or 0.0), standing.target.code


def _detail(standing: Standing) -> Detail:
    question = standing.figures.question
    threshold = standing.figures.threshold
    cells = standing.figures.cells
    answering = () if cells is None else np.unique(cells.stratum[cells.responses > 0])
    months = standing.months
    limits = (None,) * len(months) if question.subject == TWO_POPULATIONS else control_limits(months)
    sentences = (
        movement_sentence(standing.change),
        trend_sentence(months),
        control_sentence(months, limits),
        _year(standing.figures),
    )
    return Detail(
        standing=standing,
        months=months_chart(months, float(threshold.threshold) if threshold else None, limits),
        courses=tuple(course for course in sentences if course),
        agencies=_contributions(standing.figures, "agency"),
        services=_contributions(standing.figures, "service"),
        units_answered=len(answering),
        units=0 if cells is None else len(cells.stratum_labels),
    )


def _contributions(figures: Figures, by: str) -> GapContributions | None:
    if figures.threshold is None:
        return None
    return gap_contributions(figures, by, float(figures.threshold.threshold), most=MOST_CONTRIBUTIONS)


def _year(figures: Figures) -> str | None:
    question = figures.question
    if question.subject not in EVER_HIGHER or question.period.kind != "year":
        return None
    before = answer(replace(question, period=Period.parse(str(question.period.year - 1)))).total.estimate
    return year_sentence(question.period.year, figures.total.estimate, before)


def _answered(months: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Without the empty months before the first and after the last that has a figure."""
    present = [i for i, month in enumerate(months) if month.estimate is not None]
    return months[present[0] : present[-1] + 1] if present else ()
