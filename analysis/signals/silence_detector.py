"""A counter gone quiet: people no longer answer where they used to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from analysis.statistics.counts import mean_count
from analysis.statistics.detection.signals import level_of, silence_p

LOOK_BACK = dt.timedelta(days=70)
FEWEST_DAYS = 15
DAYS = 31


@dataclass(frozen=True)
class Silence:
    """A counter without answers on its last `days` working days, after `earlier` with `earlier_quiet` silent ones."""

    counter_id: int
    since: dt.date
    days: int
    earlier: int
    earlier_quiet: int
    usual: float
    p: float


def find_silences(counts: Iterable[tuple[int, dt.date, int]], last: dt.date) -> Iterator[Silence]:
    """Counters whose silence up to and including `last` is too long for chance.

    `counts`: (counter, day, answers). Working days are those on which at least half as many counters answered as on
    the median day: when everybody rests (weekends, Tết), nobody has gone quiet.
    """
    answers: dict[int, dict[dt.date, int]] = defaultdict(dict)
    active: dict[dt.date, int] = defaultdict(int)
    for counter_id, day, count in counts:
        if day <= last:
            answers[counter_id][day] = count
            active[day] += 1
    if not active:
        return
    usual = median(active.values())
    working = sorted(day for day, counters in active.items() if counters * 2 >= usual)
    level = level_of(DAYS * len(answers))
    for counter_id, own in sorted(answers.items()):
        silence = _silence(counter_id, own, working)
        if silence is not None and silence.p <= level:
            yield silence


def _silence(counter_id: int, own: dict[dt.date, int], working: list[dt.date]) -> Silence | None:
    """The silence at the end of a counter's working days, counted from its first answer on."""
    days = [day for day in working if day >= min(own)]
    last_answer = max(own)
    quiet = [day for day in days if day > last_answer]
    earlier = [day for day in days if day <= last_answer]
    if not quiet or len(earlier) < FEWEST_DAYS:
        return None
    silent = sum(day not in own for day in earlier)
    p = silence_p(len(quiet), len(earlier), silent)
    usual = mean_count([own.get(day, 0) for day in earlier]) or 0.0
    return Silence(counter_id, quiet[0], len(quiet), len(earlier), silent, usual, p)
