"""The ratio of Quyết định 766/QĐ-TTg (2022) about dossiers: between bounds, as nothing names an answer's dossier."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from analysis.figures.case_queries import CaseScope
from analysis.figures.cases import CaseTables, case_tables
from analysis.figures.dossier_queries import fetch_dossiers
from analysis.figures.query import FigureQuery
from analysis.figures.store.counts import fetch_value_counts
from analysis.figures.weighting.prepare import rating_scope
from analysis.statistics.case_ratios import content_dossiers, whole_percents_around
from analysis.statistics.disclosure.primary import FEWEST_COUNT, hidden_count
from survey.foundation.periods import Period

SECTOR, SUBJECT = "administration", "procedures"
UNHAPPY = (1, 2)  # "rất không hài lòng", "không hài lòng"
FEWEST_COUNT_OF_PERCENT = 2 * FEWEST_COUNT


@dataclass(frozen=True)
class DossiersContent:
    """Of `handled` dossiers at least `low` and at most `high` (0-1) are neither unhappy, nor reported, nor overdue.

    Whether `unsaid` of them were overdue no caseload says: none or all of them may have been. None: no caseload says
    it, there were no dossiers, too few to tell everybody, or reports about them were dropped for their age.
    """

    handled: int
    unsaid: int
    low: float | None
    high: float | None


def dossiers_content(question: FigureQuery, scope: CaseScope, cases: CaseTables | None = None) -> DossiersContent:
    """The bounds for the dossiers of a question's period and a scope's agencies. `cases`: of the scope, where known.

    A count of unhappy answers under 5 is not used: any from 0 to 4 is reckoned with, so the bounds tell none. For
    everybody a count of reports is treated likewise, and the bounds are whole percents, each of
    `FEWEST_COUNT_OF_PERCENT` dossiers at least: no one answer or report, nor what came between two publications, can be
    read from them.
    """
    own = replace(scope, sectors=(SECTOR,))
    dossiers = fetch_dossiers(own, question.period.months)
    if dossiers.unsaid == dossiers.handled or not own.is_whole:
        return DossiersContent(dossiers.handled, dossiers.unsaid, None, None)
    counts = fetch_value_counts(rating_scope(replace(question, subject=SUBJECT), scope.province_id))
    unhappy = sum(counts.get(value, 0) for value in UNHAPPY)
    handled = (cases or case_tables(own)).sectors.get(SECTOR)
    reported = handled.competent if handled else 0
    public = question.audience == "public"
    told = _from_to(reported) if public else (reported, reported)
    late = (dossiers.overdue, dossiers.overdue + dossiers.unsaid)
    low, high = content_dossiers(dossiers.handled, _from_to(unhappy), told, late)
    if public:
        low, high = _for_everybody(dossiers.handled, low, high)
    return DossiersContent(dossiers.handled, dossiers.unsaid, low, high)


def _from_to(count: int) -> tuple[int, int]:
    return (0, FEWEST_COUNT - 1) if hidden_count(count) else (count, count)


def _for_everybody(handled: int, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    if low is None or high is None or handled < 100 * FEWEST_COUNT_OF_PERCENT:
        return None, None
    return whole_percents_around(low, high)


def question_for(province: str, period: Period, until: dt.date, agencies: frozenset[int] | None) -> FigureQuery:
    """Whose ratings are looked at: of everybody, until a day."""
    return FigureQuery(province=province, subject=SUBJECT, period=period, until=until, agencies=agencies)
