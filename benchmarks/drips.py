"""How often the detectors of slow stuffing cry wolf in a month in which nothing is wrong, and how soon they see a drip.

    python -m benchmarks.drips [--months 1000] [--seed 1]

A province of 60 counters, 50 working days before the month and 23 in it. Days are negative binomial; "even": size 20,
"uneven": size 3, "weekdays": Mondays twice the Fridays. A month is a false alarm if any counter is found at the level
that promises at most 5 %. "Drip": one counter gets so many answers more on each working day of the month.

The second table asks the same of days with more answers than dossiers, of 60 agencies of which every citizen, or six of
ten, answers; and how often a day is found on which so many times its dossiers came in answers more.
"""

from __future__ import annotations

import argparse
import datetime as dt

import numpy as np

from analysis.signals.drip_detectors import DayLoad, find_overfull_days
from analysis.statistics.detection.drips import rise, usual_day
from analysis.statistics.detection.signals import level_of
from survey.foundation.commands.progress import progress, shown

COUNTERS, BEFORE, DAYS = 60, 50, 23
WEEK = np.array([1.4, 1.1, 0.9, 0.9, 0.7])
CASES = {"even": (20.0, False), "uneven": (3.0, False), "weekdays": (20.0, True)}


def counts(random: np.random.Generator, mean: float, case: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Answers of one counter's days, before and in the month."""
    size, by_weekday = CASES[case]
    level = mean * (np.resize(WEEK, BEFORE + DAYS) if by_weekday else 1.0)
    return np.asarray(random.poisson(level * random.gamma(size, 1 / size, BEFORE + DAYS)), dtype=np.int64)


def is_found(days: np.ndarray[tuple[int], np.dtype[np.int64]], counters: int = COUNTERS) -> bool:
    """Whether the counter is found, beside so many."""
    risen = rise(days[BEFORE:].tolist(), usual_day(days[:BEFORE].tolist()))
    return risen is not None and risen.p <= level_of(counters)


def false_alarms(random: np.random.Generator, mean: float, case: str, months: int) -> float:
    """Share of months with any counter found."""
    each = progress(range(months), f"{mean:.0f} a day, {case}", months)
    wrong = sum(any(is_found(counts(random, mean, case)) for _ in range(COUNTERS)) for _ in each)
    return wrong / months


def power(random: np.random.Generator, mean: float, case: str, drip: int, months: int) -> float:
    """Share of months in which a counter that gets `drip` answers more a day is found."""
    added = np.concatenate([np.zeros(BEFORE, dtype=np.int64), np.full(DAYS, drip, dtype=np.int64)])
    return sum(is_found(counts(random, mean, case) + added) for _ in range(months)) / months


def loads(random: np.random.Generator, dossiers: float, case: str, answering: float, more: int = 0) -> list[DayLoad]:
    """A month of every agency; the first one's first day gets `more` answers on top."""
    size, by_weekday = CASES[case]
    level = dossiers * (np.resize(WEEK, DAYS) if by_weekday else np.ones(DAYS))
    came = random.poisson(level * random.gamma(size, 1 / size, (COUNTERS, DAYS)))
    answers = random.binomial(came, answering)
    answers[0, 0] += more
    first = dt.date(2026, 10, 1)
    return [
        DayLoad(agency, "health", first + dt.timedelta(days=day), int(answers[agency, day]), dossiers)
        for agency in range(COUNTERS)
        for day in range(DAYS)
    ]


def overfull(random: np.random.Generator, months: int) -> None:
    """Print the second table."""
    print("dossiers a day  days       false alarms, all answer   six of ten   found: +3 times   +5   +10")
    for dossiers in (5.0, 25.0, 100.0):
        for case in CASES:
            alarms = [
                sum(any(True for _ in find_overfull_days(loads(random, dossiers, case, share))) for _ in range(months))
                for share in (1.0, 0.6)
            ]
            seen = [
                sum(
                    any(
                        load.agency_id == 0
                        for load in find_overfull_days(loads(random, dossiers, case, 0.6, int(times * dossiers)))
                    )
                    for _ in progress(range(months), f"{dossiers:.0f} dossiers a day, +{times} times", months)
                )
                for times in (3, 5, 10)
            ]
            told = "".join(f"{count / months:>12.1%}" for count in (*alarms, *seen))
            print(f"{dossiers:>14.0f}  {case:<10} {told}")


def main(arguments: list[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    random = np.random.default_rng(asked.seed)
    print("answers a day   days       false alarms   found: +5 a day   +10 a day   +20 a day")
    for mean in (3.0, 10.0, 25.0):
        for case in CASES:
            alarms = false_alarms(random, mean, case, asked.months)
            seen = [power(random, mean, case, drip, asked.months) for drip in (5, 10, 20)]
            shown = "".join(f"{share:>12.0%}" for share in seen)
            print(f"{mean:>13.0f}   {case:<10} {alarms:>12.1%}   {shown}")
    overfull(random, asked.months)


if __name__ == "__main__":
    with shown():
        main()
