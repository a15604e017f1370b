"""A verdict as numbers for programs and for publications, with all that must stand beside it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.suppression.row_alone import row_alone
from analysis.presentation.channels import widest_difference
from analysis.presentation.lateness import lateness_of
from analysis.presentation.sensitivity import counters_of, shifted
from analysis.presentation.settling import what_settles
from analysis.statistics import Evidence
from survey.foundation.clock import today
from survey.foundation.vocabulary import MEAN_OF_SUBJECT
from survey.foundation.working_days import between


def told_verdict(figures: Figures, row: Figure | None = None) -> dict[str, Any] | None:
    """Of a row of `figures`, or of a question without breakdown. None without a verdict.

    Both answers, how wrong the volunteers would have to be, and what would settle it.

    Of channels and of lateness only a difference, and none that gives away to the question's audience what too few
    answered: those are no published breakdowns.
    """
    figure = row or figures.total
    verdict = figure.verdict
    if verdict is None:
        return None
    question = row_alone(figures.question, figure.domain)
    period = question.period
    settling = what_settles(figure)
    return {
        "point": str(verdict.point),
        "evidence": _text(verdict.evidence),
        "overturn": None if verdict.overturn is None else asdict(verdict.overturn),
        "at": [
            {"points": shift.points, "point": str(shift.point), "evidence": _text(shift.evidence)}
            for shift in shifted(figure)
        ],
        **_hints(question),
        "working_days": between(period.first_day, min(period.last_day, today())),
        "settles": None if settling is None else asdict(settling),
    }


def _hints(question: FigureQuery) -> dict[str, Any]:
    """How channels differ, lateness, counters that answered; of a mean of two sectors, those of each."""
    if question.subject in MEAN_OF_SUBJECT:
        parts = [replace(question, subject=subject) for subject in MEAN_OF_SUBJECT[question.subject]]
        return {"parts": [{"subject": part.subject, **_hints(part), **_counts(part)} for part in parts]}
    signs = (widest_difference(answer(replace(question, by="channel"))), lateness_of(question), counters_of(question))
    told = (None if sign is None else asdict(sign) for sign in signs)
    return dict(zip(("channels", "late", "counters"), told, strict=True))


def _counts(part: FigureQuery) -> dict[str, Any]:
    """A sector's n and caseload, where they are those of its whole figure, with which the mean is hidden."""
    figure, whole = answer(part).total, answer(replace(part, respondent_kinds=None)).total
    if (figure.n, figure.received) != (whole.n, whole.received):
        return {"n": None, "caseload": None, "partial": False}
    return {"n": figure.n, "caseload": figure.caseload, "partial": figure.partial}


def _text(evidence: Evidence | None) -> str | None:
    return None if evidence is None else str(evidence)
