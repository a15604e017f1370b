"""Which target speaks for which year, and what the figures say about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.figures.figure import Figures
from analysis.figures.query import BadQuery, FigureQuery, narrowing_kinds
from analysis.figures.register import fetch_province, subtree_in
from analysis.figures.service import answer
from analysis.periods.closings import fetch_closing_instant
from analysis.statistics import Threshold
from analysis.statistics.counts import coverage_holds, exact_share
from analysis.targets.coverage_queries import UnitCount, count_units
from analysis.targets.models import Target
from analysis.targets.queries import fetch_targets
from survey.foundation.clock import today
from survey.foundation.periods import Period

ON_THE_WAY, DUE, REFERENCE = "on_the_way", "due", "reference"
TO_COME, SUPERSEDED, ENDED = "to_come", "superseded", "ended"
SPEAKING = (ON_THE_WAY, DUE, REFERENCE)


@dataclass(frozen=True)
class TargetInYear:
    """A target and how it stands in a year: `on_the_way`, `due`, or `reference` (expired, no successor due yet)."""

    target: Target
    status: str

    @property
    def threshold(self) -> Threshold:
        """Comparator and exact share."""
        return threshold_of(self.target)


@dataclass(frozen=True)
class JudgedTarget:
    """A target of a year with its figures: one, or one a domain of the breakdown; `units` for coverage."""

    in_year: TargetInYear
    figures: Figures | None = None
    units: UnitCount | None = None

    @property
    def coverage_share(self) -> Fraction | None:
        """The share of units reached; None without units or for a satisfaction target."""
        return exact_share(self.units.reached, self.units.units) if self.units else None

    @property
    def coverage_met(self) -> bool | None:
        """Whether a coverage target holds: a count of all units, so nothing is uncertain about it."""
        return coverage_holds(self.units.reached, self.units.units, self.in_year.threshold) if self.units else None


def threshold_of(target: Target) -> Threshold:
    """A target's threshold as statistics takes it."""
    return Threshold(target.comparator, Fraction(target.threshold))


def targets_in_force(province_key: str, year: int) -> list[TargetInYear]:
    """The targets that speak for a year, with their standing.

    A target speaks from the first year of its phase; after its due year it stays as a reference, also after provinces
    merged, until a later target for the same subject and scope reaches its own due year, or a document ends it.
    """
    every = standings_in(fetch_targets(fetch_province(province_key).id), year)
    return [target_in_year for target_in_year in every if target_in_year.status in SPEAKING]


def standings_in(targets: Sequence[Target], year: int) -> list[TargetInYear]:
    """All targets of a province with their standing in a year; beside those that speak there are three others:

    `to_come`, `ended` by a document, and `superseded` by a later target that has reached its due year.
    """
    return [TargetInYear(target, _standing(target, targets, year)) for target in targets]


def _standing(target: Target, targets: Iterable[Target], year: int) -> str:
    if year < target.from_year:
        return TO_COME
    if _has_ended(target, year):
        return ENDED
    return SUPERSEDED if _superseded(target, targets, year) else status_in(target, year)


def _has_ended(target: Target, year: int) -> bool:
    return target.last_year is not None and target.last_year < year


def status_in(target: Target, year: int) -> str:
    """Before its due year on the way, in it due, afterwards a reference."""
    if year < target.due_year:
        return ON_THE_WAY
    return DUE if year == target.due_year else REFERENCE


def _superseded(target: Target, targets: Iterable[Target], year: int) -> bool:
    return any(
        target.due_year < other.due_year <= year and _same_promise(target, other) and not _has_ended(other, year)
        for other in targets
        if other is not target
    )


def _same_promise(target: Target, other: Target) -> bool:
    return (target.kind, target.subject, target.coverage_of, target.agency_id) == (
        other.kind,
        other.subject,
        other.coverage_of,
        other.agency_id,
    )


def judged(
    province_key: str,
    year: int,
    *,
    by: str | None = None,
    period: Period | None = None,
    audience: str = "staff",
    agencies: frozenset[int] | None = None,
    subjects: frozenset[str] | None = None,
    until: dt.date | None = None,
    received_before: dt.datetime | None = None,
    beside: bool = False,
) -> list[JudgedTarget]:
    """Every target of a year judged on that year (or on `period` within it), whole or by agency, service or sector.

    Set beside an agency or a service, a province's target is a comparison; it binds the province-wide figure only.
    Coverage is that of the year up to the end of `period`, as a document of the period counts it.
    """
    judged_in, rows = period or Period.parse(str(year)), list[JudgedTarget]()
    for in_year in targets_in_force(province_key, year):
        target = in_year.target
        if target.kind == "coverage":
            if by is None and agencies is None and subjects is None:
                rows.append(JudgedTarget(in_year, units=_units(target, judged_in, until, received_before)))
            continue
        if subjects is not None and target.subject not in subjects:
            continue
        question = _question(target, province_key, judged_in, by, audience, agencies)
        if question is not None:
            question = replace(_looking_back(question, until, received_before), beside=beside)
            rows.append(JudgedTarget(in_year, _labelled(target, answer(question, in_year.threshold))))
    return rows


def _labelled(target: Target, figures: Figures) -> Figures:
    """An agency's own target speaks of that agency, not of its province."""
    if target.agency is None or figures.question.by is not None:
        return figures
    return replace(figures, figures=(replace(figures.total, domain=target.agency.code, label=target.agency.name),))


def _question(
    target: Target, province_key: str, period: Period, by: str | None, audience: str, agencies: frozenset[int] | None
) -> FigureQuery | None:
    own = subtree_in(target.province_id, target.agency_id) if target.agency_id else None
    within = agencies if own is None else own if agencies is None else own & agencies
    if own is not None and not within:
        return None  # another agency's own target says nothing here
    try:
        return FigureQuery(
            province=province_key,
            subject=target.subject or "",
            period=period,
            by=by,
            audience=audience,
            agencies=within,
            respondent_kinds=narrowing_kinds(target.counted_kinds),
        )
    except BadQuery:
        return None  # the pooled clause has no agencies or services of its own


def _looking_back(question: FigureQuery, until: dt.date | None, received_before: dt.datetime | None) -> FigureQuery:
    return replace(question, until=until, received_before=received_before)


def _units(target: Target, period: Period, until: dt.date | None, received_before: dt.datetime | None) -> UnitCount:
    """Those of a closed period as it was closed, as its figures are."""
    day = min(period.last_day, until or period.last_day, today())
    before = received_before or fetch_closing_instant(target.province_id, period.code)
    return count_units(target.province_id, target.coverage_of or "", period.year, day, before)
