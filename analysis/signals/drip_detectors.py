"""Slow stuffing: a counter that gets more answers day after day, or an agency more in a day than it has dossiers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from analysis.statistics.counts import mean_count
from analysis.statistics.detection.drips import DayModel, rise, usual_day
from analysis.statistics.detection.signals import level_of

FEWEST_DAYS = 15
FEWEST_RISING = 3
DAYS = 31
SPREAD = 3.0  # dossiers of one day: size of the negative binomial, its standard deviation at least 58 % of the mean


@dataclass(frozen=True)
class Drip:
    """From `since` to `until` a counter got more answers than `usual` a day explains."""

    counter_id: int
    since: dt.date
    until: dt.date
    answers: int
    days: int
    usual: float
    p: float


@dataclass(frozen=True)
class DayLoad:
    """An agency's answers in one sector on a day beside the dossiers it handles on a working day, by the caseload."""

    agency_id: int
    sector: str
    day: dt.date
    answers: int
    dossiers: float

    @property
    def p(self) -> float:
        """The chance of a day with so many dossiers or more, though every one of them answered."""
        return DayModel(self.dossiers, SPREAD).at_least(self.answers)


def find_drips(counts: Iterable[tuple[int, dt.date, int]], first: dt.date, last: dt.date) -> Iterator[Drip]:
    """Counters whose days from `first` to `last` lie above those before. `counts`: (counter, day, answers).

    Looked at are days on which at least half as many counters answered as on the median day, and those on which the
    counter itself did.
    """
    own: dict[int, dict[dt.date, int]] = defaultdict(dict)
    active: dict[dt.date, int] = defaultdict(int)
    for counter_id, day, count in counts:
        if day <= last:
            own[counter_id][day] = count
            active[day] += 1
    usual = median(active.values()) if active else 0
    working = {day for day, counters in active.items() if counters * 2 >= usual}
    level = level_of(len(own))
    for counter_id, answers in sorted(own.items()):
        days = sorted(day for day in working | answers.keys() if day >= min(answers))
        drip = _drip(counter_id, answers, [day for day in days if day < first], [day for day in days if day >= first])
        if drip is not None and drip.p <= level:
            yield drip


def _drip(
    counter_id: int, answers: dict[dt.date, int], earlier: Sequence[dt.date], month: Sequence[dt.date]
) -> Drip | None:
    if len(earlier) < FEWEST_DAYS or not month:
        return None
    before = [answers.get(day, 0) for day in earlier]
    risen = rise([answers.get(day, 0) for day in month], usual_day(before))
    if risen is None or risen.last - risen.first + 1 < FEWEST_RISING:
        return None
    days = month[risen.first : risen.last + 1]
    brought = sum(answers.get(day, 0) for day in days)
    return Drip(counter_id, days[0], days[-1], brought, len(days), mean_count(before) or 0.0, risen.p)


def find_overfull_days(loads: Sequence[DayLoad]) -> Iterator[DayLoad]:
    """Days on which more answers came than an agency can have had dossiers."""
    level = level_of(DAYS * len({(load.agency_id, load.sector) for load in loads}))
    for load in loads:
        if load.dossiers > 0 and load.answers > load.dossiers and load.p <= level:
            yield load
