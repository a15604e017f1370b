"""Answers that look like stuffing: many within an hour, or many alike on one counter and day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import median

from analysis.signals.finding import ALIKE, BURST, Finding
from analysis.signals.queries import AnswerSheet
from analysis.statistics.detection.signals import alike_p, bursts, intraclass_correlation, level_of, usual_share
from survey.foundation.clock import month_of
from survey.foundation.identifiers import content_hash

DAYS = 31  # the family of tests does not depend on how far the month has gone
FEWEST_DAYS = 5
FEWEST_ALIKE = 20


@dataclass(frozen=True)
class CounterDay:
    """The sheets of one counter and day in the order of their time; `patterns` tells equal sheets."""

    counter_id: int
    agency_id: int
    sector: str
    day: dt.date
    sheets: tuple[AnswerSheet, ...]
    patterns: tuple[str, ...]

    @cached_property
    def by_hour(self) -> Counter[int]:
        """Answers by hour of the clock; the hour is all that is kept of when an answer was given."""
        return Counter(sheet.answered_at.hour for sheet in self.sheets)

    @property
    def busiest_hour(self) -> int:
        """Answers in its fullest hour."""
        return max(self.by_hour.values())

    @property
    def about(self) -> str:
        """Counter and day."""
        return f"{self.counter_id}|{self.day.isoformat()}"


def counter_days(sheets: Iterable[AnswerSheet]) -> list[CounterDay]:
    """Sheets put together; they must come by counter, day and time."""
    days = []
    for (counter_id, day), group in groupby(sheets, key=lambda sheet: (sheet.counter_id, sheet.day)):
        rows = tuple(group)
        sector = Counter(sheet.sector for sheet in rows).most_common(1)[0][0]
        patterns = tuple(content_hash(sheet.answers)[:16] for sheet in rows)
        days.append(CounterDay(counter_id, rows[0].agency_id, sector, day, rows, patterns))
    return days


def find_bursts(days: list[CounterDay]) -> Iterator[Finding]:
    """Counter-days with an hour in which more answers came than the counter's busiest usual hour explains."""
    hourly, usual = _busiest_hours(days)
    level = _level(days)
    for day in days:
        rate = hourly.get(day.counter_id, usual)
        episodes = [
            _episode([sheet for sheet in day.sheets if sheet.answered_at.hour == burst.hour], burst.expected, burst.p)
            for burst in bursts(day.by_hour, hourly=rate, level=level)
        ]
        if episodes:
            yield _found(BURST, day, {"hourly": rate, "episodes": episodes})


def find_alike(days: list[CounterDay]) -> Iterator[Finding]:
    """Counter-days on which far more sheets are equal to the last tick than that sheet's share elsewhere explains."""
    elsewhere: dict[str, Counter[str]] = defaultdict(Counter)
    for day in days:
        elsewhere[day.sector].update(day.patterns)
    correlation = {sector: _correlation(sector, counts, days) for sector, counts in elsewhere.items()}
    total = {sector: counts.total() for sector, counts in elsewhere.items()}
    level = _level(days)
    for day in days:
        counts = Counter(day.patterns)
        pattern, alike = counts.most_common(1)[0]
        others = total[day.sector] - len(day.sheets)
        if alike < FEWEST_ALIKE or others < len(day.sheets):
            continue
        share = usual_share(elsewhere[day.sector][pattern] - alike, others)
        p = alike_p(alike, len(day.sheets), share=share, correlation=correlation[day.sector], patterns=len(counts))
        if p <= level:
            same = [sheet for sheet, own in zip(day.sheets, day.patterns, strict=True) if own == pattern]
            episode = _episode(same, share * len(day.sheets), p)
            yield _found(ALIKE, day, {"answers": len(day.sheets), "episodes": [episode], "sheet": same[0].answers})


def _episode(sheets: list[AnswerSheet], expected: float, p: float) -> dict[str, object]:
    """`from`, `to`: the hours of the first and the last."""
    return {
        "from": sheets[0].answered_at.isoformat(),
        "to": sheets[-1].answered_at.isoformat(),
        "answers": len(sheets),
        "expected": expected,
        "p": p,
        "devices": sorted({str(sheet.device_id) for sheet in sheets if sheet.device_id}),
        "responses": [str(sheet.id) for sheet in sheets],
    }


def _found(kind: str, day: CounterDay, evidence: dict[str, object]) -> Finding:
    told = {"day": day.day.isoformat(), **evidence}
    return Finding(kind, day.about, month_of(day.day), day.sector, day.agency_id, day.counter_id, told)


def _level(days: list[CounterDay]) -> float:
    return level_of(DAYS * len({day.counter_id for day in days}))


def _busiest_hours(days: list[CounterDay]) -> tuple[dict[int, float], float]:
    """The median busiest hour of each counter with days enough, and of all."""
    by_counter: dict[int, list[int]] = defaultdict(list)
    for day in days:
        by_counter[day.counter_id].append(day.busiest_hour)
    known = {counter: float(median(hours)) for counter, hours in by_counter.items() if len(hours) >= FEWEST_DAYS}
    everything = [hour for hours in by_counter.values() for hour in hours]
    return known, float(median(everything)) if everything else 0.0


def _correlation(sector: str, counts: Counter[str], days: list[CounterDay]) -> float:
    pattern = counts.most_common(1)[0][0]
    own = [day for day in days if day.sector == sector]
    return intraclass_correlation([len(day.sheets) for day in own], [day.patterns.count(pattern) for day in own])
