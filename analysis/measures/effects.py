"""What a measure has changed: the months before it against those after, and the chance of passing the year's target.

For documents: `measures_for(province_key, sector, period)`; `ask` answers the questions there, so that a document can
keep them with its figures.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from analysis.figures.figure import Ask, Figure
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.measures.models import Measure
from analysis.measures.queries import fetch_measures
from analysis.presentation.labels import answered
from analysis.statistics import Change, change
from analysis.statistics.counts import mean_count
from analysis.statistics.verdicts.outlook import Outlook, chance_of_passing
from analysis.targets.models import Target
from analysis.targets.service import targets_in_force
from survey.foundation.clock import month_of, today
from survey.foundation.periods import Period, shift_month
from survey.foundation.vocabulary import SUBJECTS_OF_SECTOR
from survey.registry.tree import subtree_of

BEFORE_MONTHS = 3
MOST_AFTER = 12
SMALLEST_CHANCE = 0.01


@dataclass(frozen=True)
class Effect:
    """One subject before and after; `change` is after - before with its 95 % interval, None while one is missing.

    It compares periods and proves no cause: whatever else changed at the same time is in it too.
    """

    measure: Measure
    subject: str
    before_period: Period
    before: Figure
    after_period: Period | None
    after: Figure | None
    change: Change | None


@dataclass(frozen=True)
class YearOutlook:
    """The chance of a subject's target in the running year."""

    subject: str
    target: Target
    year: int
    months: int
    outlook: Outlook

    @property
    def chance(self) -> float:
        """The chance as it is told: of months to come nothing is certain."""
        return min(max(self.outlook.chance, SMALLEST_CHANCE), 1 - SMALLEST_CHANCE)


def measures_for(
    province_key: str,
    sector: str,
    period: Period,
    *,
    agencies: frozenset[int] | None = None,
    until: dt.date | None = None,
    ask: Ask = answer,
) -> list[Effect]:
    """The measures begun by the period's end, each with its subjects before and after, up to the period's end.

    `agencies`: only those of these agencies; `until`: a cut-off day before the period's end. Raises UnknownProvince.
    """
    day = until or period.last_day
    measures = fetch_measures([fetch_province(province_key).id], sector=sector, started_by=day)
    chosen = [measure for measure in measures if agencies is None or measure.agency_id in agencies]
    finished = shift_month(month_of(day + dt.timedelta(days=1)), -1)
    return [effect for measure in chosen for effect in effects_of(measure, finished, ask)]


def effects_of(measure: Measure, last_month: str | None = None, ask: Ask = answer) -> list[Effect]:
    """Each subject that was asked there; the months after end with `last_month` (default: the last finished one)."""
    finished = shift_month(month_of(today()), -1)
    last = min(last_month or finished, finished)
    if measure.ends_on is not None:  # what came after its end is not after the measure
        last = min(last, shift_month(month_of(measure.ends_on + dt.timedelta(days=1)), -1))
    candidates = (_effect(measure, subject, last, ask) for subject in SUBJECTS_OF_SECTOR[measure.sector])
    return [effect for effect in candidates if effect is not None]


def periods(starts_on: dt.date, last_month: str) -> tuple[Period, Period | None]:
    """The three months before the month of the start, and the whole months since: at most 12, None if there is none."""
    month = month_of(starts_on)
    before = _span(shift_month(month, -BEFORE_MONTHS), shift_month(month, -1))
    first = month if starts_on.day == 1 else shift_month(month, 1)
    last = min(last_month, shift_month(first, MOST_AFTER - 1))
    return before, _span(first, last) if first <= last else None


def outlooks_of(measure: Measure) -> list[YearOutlook]:
    """The chance of passing, for each target that speaks for this year."""
    year = today().year
    targets = [target.target for target in targets_in_force(measure.province.key, year)]
    subjects = SUBJECTS_OF_SECTOR[measure.sector]
    own = [t for t in targets if t.subject in subjects and t.agency_id in (None, measure.agency_id)]
    candidates = (_outlook(measure, target, year) for target in own)
    return [outlook for outlook in candidates if outlook is not None]


def _span(first: str, last: str) -> Period:
    return Period.parse(first if first == last else f"{first}..{last}")


def _effect(measure: Measure, subject: str, last_month: str, ask: Ask) -> Effect | None:
    before_period, after_period = periods(measure.starts_on, last_month)
    before = ask(_question(measure, subject, before_period)).total
    after = ask(_question(measure, subject, after_period)).total if after_period else None
    if not answered(before) and (after is None or not answered(after)):
        return None
    changed = None
    if after is not None and before.estimate is not None and after.estimate is not None:
        changed = change(after.estimate, before.estimate)
    return Effect(measure, subject, before_period, before, after_period, after, changed)


def _question(measure: Measure, subject: str, period: Period, by: str | None = None) -> FigureQuery:
    return FigureQuery(
        province=measure.province.key,
        subject=subject,
        period=period,
        by=by,
        agencies=frozenset(subtree_of(measure.agency_id)),
        services=None if measure.service_id is None else frozenset({measure.service_id}),
    )


def _outlook(measure: Measure, target: Target, year: int) -> YearOutlook | None:
    """From the finished months of the year and the respondents that the target counts.

    The months left are taken to be as large as the mean of those finished.
    """
    last = shift_month(month_of(today()), -1)
    if last < f"{year}-01":
        return None
    asked = _question(measure, target.subject or "", _span(f"{year}-01", last), by="month")
    months = answer(replace(asked, respondent_kinds=target.counted_kinds)).figures
    usable = [
        (month.estimate.estimate, month.estimate.variance, month.caseload)
        for month in months
        if month.estimate is not None
        and month.estimate.estimate is not None
        and month.estimate.variance is not None
        and month.caseload
        and not month.reference_only
    ]
    if not usable:
        return None
    shares, variances, loads = (list(column) for column in zip(*usable, strict=True))
    left = [mean_count(loads) or 0.0] * (12 - int(last[5:]))
    outlook = chance_of_passing(shares, variances, loads, left, float(target.threshold))
    return None if outlook is None else YearOutlook(target.subject or "", target, year, len(usable), outlook)
