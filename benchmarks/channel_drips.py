"""How often one channel looks out of line beside the others when nothing is wrong, and how soon a drip is seen there.

    python -m benchmarks.channel_drips [--months 300] [--seed 1]

A province of 60 counters, each of an agency of its own, where three of ten answers come by QR code and the others on a
kiosk; days are negative binomial of size 5. A month is a false alarm if anything is found at all. "Drip": one counter
gets so many answers more on each working day of the month, all by QR code and all content.

The first table is of how many come (ten weeks before the month): "even" shares differ by chance alone, "uneven" ones
from day to day (beta, size 10), "weeks" from week to week (size 40). The second is of what they say (twelve months
before): citizens on kiosks are content in 85 %, by QR code in 75 %; "uneven": each channel moves by 5 points (standard
deviation) from month to month, "together": both move by 10 points as one.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator

import numpy as np

from analysis.signals.channel_detectors import find_channel_flows, find_channel_gaps
from analysis.signals.queries import ChannelDay
from analysis.signals.told import ChannelCount, ToldShare
from analysis.statistics.cells.grouping import Floats, Ints
from survey.foundation.commands.progress import progress, shown
from survey.foundation.periods import shift_month

COUNTERS, DAYS, SIZE, BY_QR = 60, 23, 5.0, 0.3
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
BEFORE = FIRST - dt.timedelta(days=70)
MONTHS = [shift_month("2026-10", -back) for back in reversed(range(13))]
SHARES, LEVELS = ("even", "uneven", "weeks"), ("even", "uneven", "together")
KIOSK, QR = 0.85, 0.75
DRIPS = (5, 10, 20)

WORKING = [day for number in range(101) if (day := BEFORE + dt.timedelta(days=number)) <= LAST and day.weekday() < 5]


def shares_by_day(random: np.random.Generator, case: str) -> Floats:
    """The chance of an answer to come by QR code, (counters, days)."""
    shape = (COUNTERS, len(WORKING))
    if case == "uneven":
        return np.asarray(random.beta(10 * BY_QR, 10 * (1 - BY_QR), shape))
    if case == "weeks":
        weeks = np.array([(day - BEFORE).days // 7 for day in WORKING])
        return np.asarray(random.beta(40 * BY_QR, 40 * (1 - BY_QR), (COUNTERS, weeks.max() + 1))[:, weeks])
    return np.full(shape, BY_QR)


def counter_days(random: np.random.Generator, mean: float, case: str, drip: int = 0) -> list[ChannelDay]:
    """A month and the ten weeks before of every counter; the first one gets the drip."""
    came = random.poisson(mean * random.gamma(SIZE, 1 / SIZE, (COUNTERS, len(WORKING))))
    by_qr = random.binomial(came, shares_by_day(random, case))
    kiosk = came - by_qr
    by_qr[0] += np.array([drip if day >= FIRST else 0 for day in WORKING])
    return [
        ChannelDay(counter, channel, day, int(counts[counter, place]))
        for channel, counts in (("kiosk", kiosk), ("qr", by_qr))
        for counter in range(COUNTERS)
        for place, day in enumerate(WORKING)
        if counts[counter, place]
    ]


def answers(random: np.random.Generator, mean: float, case: str, drip: int = 0) -> list[ChannelCount]:
    """What thirteen months of every agency say, by channel; the first one's last month gets the drip."""
    shape = (COUNTERS, len(MONTHS))
    together = random.normal(0, 0.10 if case == "together" else 0.0, shape)
    rows = []
    for channel, share, part in (("kiosk", KIOSK, 1 - BY_QR), ("qr", QR, BY_QR)):
        own = random.normal(0, 0.05 if case == "uneven" else 0.0, shape)
        n: Ints = random.poisson(part * mean * DAYS * random.gamma(20.0, 1 / 20.0, shape))
        good: Ints = random.binomial(n, np.clip(share + own + together, 0.02, 0.98))
        if channel == "qr":
            n[0, -1] += drip * DAYS
            good[0, -1] += drip * DAYS
        rows += [
            ChannelCount(agency, "health_service", channel, month, int(n[agency, place]), int(good[agency, place]))
            for agency in range(COUNTERS)
            for place, month in enumerate(MONTHS)
        ]
    return rows


def counters_found(random: np.random.Generator, mean: float, case: str, drip: int = 0) -> set[int]:
    """The counters to which answers seem to move by one channel."""
    days = counter_days(random, mean, case, drip)
    return {counter for counter, _channel, _evidence in find_channel_flows(days, FIRST, LAST)}


def agencies_found(random: np.random.Generator, mean: float, case: str, drip: int = 0) -> set[int]:
    """The agencies of which one channel seems to say something else than it used to."""
    return {finding.agency_id for finding in find_channel_gaps(answers(random, mean, case, drip), MONTHS, _told)}


def _told(*_about: object) -> tuple[ToldShare, ToldShare]:
    """The desk tells of every channel; what exactly is not looked at here."""
    return ToldShare(0.0, 0), ToldShare(0.0, 0)


def main(arguments: list[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    random, months = np.random.default_rng(asked.seed), asked.months

    def told(what: str) -> Iterator[int]:
        return progress(range(months), what, months)

    for title, cases, look in (
        ("how many come", SHARES, counters_found),
        ("what they say", LEVELS, agencies_found),
    ):
        print(f"\n{title}\nanswers a day   case       false alarms   found: +5 a day   +10 a day   +20 a day")
        for mean in (3.0, 10.0, 25.0):
            for case in cases:
                alarms = sum(bool(look(random, mean, case)) for _ in told("no drip")) / months
                seen = [sum(0 in look(random, mean, case, drip) for _ in told(f"+{drip}")) / months for drip in DRIPS]
                print(f"{mean:>13.0f}   {case:<10} {alarms:>12.1%}   {''.join(f'{share:>12.0%}' for share in seen)}")


if __name__ == "__main__":
    with shown():
        main()
