"""How sure a published verdict is: stored with the publication as numbers, told in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from analysis.figures.figure import Figures
from analysis.figures.service import answer
from analysis.presentation.channels import ChannelDifference, widest_difference
from analysis.presentation.lateness import Lateness, lateness_of
from analysis.presentation.overturn_words import overturn_sentences, shifted_words
from analysis.presentation.sensitivity import (
    MEAN_OF,
    AnsweringCounters,
    counters_of,
    pace_words,
    settling_words,
    shifted,
)
from analysis.presentation.settling import Settling, what_settles
from analysis.statistics import Evidence, Overturn, Point
from analysis.statistics.shifted import Shifted
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.foundation.working_days import between


def published_verdict(figures: Figures) -> dict[str, Any] | None:
    """Both answers, how wrong the volunteers would have to be, and what would settle it; None without a verdict.

    Of channels and of lateness only a difference, and none that gives away what too few answered: those are no
    published breakdowns.
    """
    figure, period = figures.total, figures.question.period
    verdict = figure.verdict
    if verdict is None:
        return None
    counters, settling = counters_of(figures.question), what_settles(figure)
    channels, late = _channels(figures), lateness_of(figures.question)
    return {
        "point": str(verdict.point),
        "evidence": _text(verdict.evidence),
        "overturn": None if verdict.overturn is None else asdict(verdict.overturn),
        "at": [
            {"points": shift.points, "point": str(shift.point), "evidence": _text(shift.evidence)}
            for shift in shifted(figure)
        ],
        "channels": None if channels is None else asdict(channels),
        "late": None if late is None else asdict(late),
        "counters": None if counters is None else asdict(counters),
        "working_days": between(period.first_day, period.last_day),
        "settles": None if settling is None else asdict(settling),
    }


def _channels(figures: Figures) -> ChannelDifference | None:
    if figures.question.subject in MEAN_OF:
        return None
    return widest_difference(answer(replace(figures.question, by="channel")))


def _text(evidence: Evidence | None) -> str | None:
    return None if evidence is None else str(evidence)


def overturn_line(target: Mapping[str, Any]) -> str | None:
    """How wrong the volunteers would have to be for the conclusion to turn; published since 0.2."""
    verdict = target.get("verdict") or {}
    if not verdict.get("overturn"):
        return None
    return overturn_sentences(Point(verdict["point"]), _evidence(verdict["evidence"]), Overturn(**verdict["overturn"]))


def certainty_lines(target: Mapping[str, Any]) -> list[str]:
    """What stands beside a published verdict: other verdicts, counters, pace, what would settle it."""
    verdict = target.get("verdict") or {}
    counters = AnsweringCounters(**verdict["counters"]) if verdict.get("counters") else None
    settling = Settling(**verdict["settles"]) if verdict.get("settles") else None
    figure, sector = target.get("figure") or {}, SECTOR_OF_SUBJECT.get(target.get("subject") or "") or ""
    pace = (sector, figure.get("n"), figure.get("caseload"), verdict.get("working_days") or 0)
    at = [
        Shifted(stored_shift["points"], Point(stored_shift["point"]), _evidence(stored_shift["evidence"]))
        for stored_shift in verdict.get("at") or ()
    ]
    lines = (
        shifted_words(at),
        ChannelDifference(**verdict["channels"]).words if verdict.get("channels") else None,
        Lateness(**verdict["late"]).words if verdict.get("late") else None,
        counters and counters.words,
        pace_words(*pace, partial=bool(figure.get("partial"))),
        settling_words(settling, counters),
    )
    return [line for line in lines if line]


def _evidence(text: str | None) -> Evidence | None:
    return None if text is None else Evidence(text)
