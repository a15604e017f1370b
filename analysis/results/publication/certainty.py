"""How sure a published verdict is: what is stored with the publication as numbers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.presentation.caseload_units import in_units
from analysis.presentation.channels import ChannelDifference
from analysis.presentation.lateness import Lateness
from analysis.presentation.overturn_words import (
    overturn_sentences,
    point_overturn,
    shifted_words,
    short_overturn_words,
)
from analysis.presentation.phrases import SHORT_SUBJECTS
from analysis.presentation.sensitivity import AnsweringCounters, pace_words, settling_words
from analysis.presentation.settling import Settling
from analysis.statistics import Evidence, Overturn, Point
from analysis.statistics.verdicts.shifted import Shifted
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT


def overturn_line(target: Mapping[str, Any]) -> str | None:
    """How wrong the volunteers would have to be for the conclusion to turn; published since 0.2."""
    verdict = target.get("verdict") or {}
    if not verdict.get("overturn"):
        return None
    return overturn_sentences(Point(verdict["point"]), _evidence(verdict["evidence"]), Overturn(**verdict["overturn"]))


def turned_words(target: Mapping[str, Any]) -> str | None:
    """The same in half a sentence that follows a conclusion."""
    verdict = target.get("verdict") or {}
    if not verdict.get("overturn"):
        return None
    return short_overturn_words(
        Point(verdict["point"]), _evidence(verdict["evidence"]), Overturn(**verdict["overturn"])
    )


def turned(target: Mapping[str, Any]) -> str | None:
    """In a table's cell, how far off the silent would have to be for the point verdict to turn: "3,3 điểm"."""
    stored_overturn = (target.get("verdict") or {}).get("overturn")
    return point_overturn(Overturn(**stored_overturn)) if stored_overturn else None


def certainty_lines(target: Mapping[str, Any]) -> list[str]:
    """What stands beside a published verdict: other verdicts, counters, pace, what would settle it."""
    verdict = target.get("verdict") or {}
    settling = Settling(**verdict["settles"]) if verdict.get("settles") else None
    at = [
        Shifted(stored_shift["points"], Point(stored_shift["point"]), _evidence(stored_shift["evidence"]))
        for stored_shift in verdict.get("at") or ()
    ]
    days, figure = verdict.get("working_days") or 0, target.get("figure") or {}
    told = [(verdict, {**figure, "subject": target.get("subject")}, "")]
    if verdict.get("parts"):
        told = [(part, part, f"{SHORT_SUBJECTS[part['subject']]}: ") for part in verdict["parts"]]
    beside = [
        f"{name}{line}" for hints, counted, name in told for line in (*_seen(hints), _pace(counted, days)) if line
    ]
    settled = settling_words(settling, _counters(verdict))
    lines = (shifted_words(at), *beside, settled and in_units(settled, target.get("subject") or ""))
    return [line for line in lines if line]


def _seen(hints: Mapping[str, Any]) -> list[str]:
    """Stored differences and counters in sentences."""
    counters = _counters(hints)
    lines = (
        ChannelDifference(**hints["channels"]).words if hints.get("channels") else None,
        Lateness(**hints["late"]).words if hints.get("late") else None,
        counters and counters.words,
    )
    return [line for line in lines if line]


def _counters(hints: Mapping[str, Any]) -> AnsweringCounters | None:
    return AnsweringCounters(**hints["counters"]) if hints.get("counters") else None


def _pace(counted: Mapping[str, Any], days: int) -> str | None:
    sector = SECTOR_OF_SUBJECT.get(counted.get("subject") or "") or ""
    return pace_words(sector, counted.get("n"), counted.get("caseload"), days, partial=bool(counted.get("partial")))


def _evidence(text: str | None) -> Evidence | None:
    return None if text is None else Evidence(text)
