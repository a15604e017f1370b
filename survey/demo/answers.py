"""Invented ratings: a trend, good and bad services, good and bad days, and people who do not answer everything."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random

from survey.demo.caseloads import MonthlyCaseload, seed
from survey.demo.comments import comment
from survey.foundation.clock import LOCAL
from survey.responses.submission import Submission

_NAMESPACE = uuid.UUID("6f1c9d5e-6a0b-4d0b-9a54-3b8f4c6f2a11")
LEVEL = {"dak-lak": -0.05, "son-la": -0.15, "an-giang": 0.15}
SUBJECT_PULL = {
    "overall_service": 0.25,
    "overall_procedures": -0.15,
    "overall_health": 0.05,
    "overall_education": 0.3,
}
OVERALL = {
    "administration": ("overall_service", "overall_procedures"),
    "health": ("overall_health",),
    "education": ("overall_education",),
}
STEPS = (-1.5, -0.6, 0.35, 1.9)  # a leaning (logit) below the first is 1, above the last 5
DAY_EFFECT = 0.35  # standard deviation of a counter's day (logit): its answers resemble each other


def answers_of(
    province: str, entry: MonthlyCaseload, items: Mapping[str, Sequence[str]], *, share: float, until: dt.date
) -> Iterator[Submission]:
    """The submissions of one agency x service x month.

    Args:
        items: detailed item codes by sector.
        share: how large a part of the demonstration's answers this is (scales every month alike).
        until: no answer after this day.
    """
    days = [day for day in _working_days(entry.month) if day <= until]
    if not days:
        return
    expected = entry.agency.asks * share * entry.count**0.62 * len(days) / 22
    random = Random(seed("answers", province, entry.agency.code, entry.service.code, entry.month))
    number = min(round(random.gauss(expected, math.sqrt(expected))), entry.count)
    effects = [[random.gauss(0, DAY_EFFECT) for _ in range(entry.agency.counters)] for _ in days]
    for serial in range(number):
        day, counter = random.randrange(len(days)), random.randrange(entry.agency.counters)
        pull = LEVEL[province] + _trend(entry.month) + entry.agency.pull + entry.service.pull + effects[day][counter]
        yield _submission(province, entry, serial, days[day], counter, pull, items, random)


def _submission(
    province: str,
    entry: MonthlyCaseload,
    serial: int,
    day: dt.date,
    counter: int,
    pull: float,
    items: Mapping[str, Sequence[str]],
    random: Random,
) -> Submission:
    sector, code = entry.service.sector, entry.agency.code
    channel = _channel(entry.month, random)
    own = pull + random.gauss(0, 0.9) - (0.25 if channel == "qr" else 0.0)  # less kind when nobody looks on
    answers = _answers(sector, own, items[sector], random)
    content = min(answers[item] for item in OVERALL[sector] if item in answers) >= 4
    minute = random.randrange(7 * 60 + 30, 16 * 60 + 45)
    return Submission(
        id=uuid.uuid5(_NAMESPACE, f"{province}/{code}/{entry.service.code}/{entry.month}/{serial}"),
        questionnaire=sector,
        version=1,
        counter=f"{code}-Q{counter + 1}",
        service=entry.service.code if random.random() > (0.25 if code.endswith("XM05") else 0.02) else None,
        respondent_kind=_kind(entry, random) if sector == "administration" else None,
        language="en" if random.random() < 0.01 else "vi",
        answered_at=dt.datetime.combine(day, dt.time(minute // 60, minute % 60), LOCAL),
        channel=channel,
        answers=answers,
        comment=comment(sector, content=content, place=random.randrange(6)) if random.random() < 0.03 else None,
    )


def _answers(sector: str, pull: float, details: Sequence[str], random: Random) -> dict[str, int]:
    answers = {}
    for item in OVERALL[sector]:
        if item == "overall_procedures" and random.random() < 0.12:
            continue  # one of the two is enough
        answers[item] = _rating(pull + SUBJECT_PULL[item], random)
    if random.random() < 0.35:
        for item in details:
            answers[item] = 0 if random.random() < 0.05 else _rating(pull + 0.15, random)
    return answers


def _rating(pull: float, random: Random) -> int:
    chance = random.random()
    leaning = 1.15 + pull + 0.55 * math.log(chance / (1 - chance))
    return 1 + bisect(STEPS, leaning)


def _trend(month: str) -> float:
    return 0.09 * (int(month[:4]) - 2012) if month < "2021" else 0.7


def _channel(month: str, random: Random) -> str:
    draw = random.random()
    if month < "2016":
        return "paper"
    if month < "2020":
        return "kiosk" if draw < 0.4 else "paper"
    return "kiosk" if draw < 0.6 else "qr" if draw < 0.92 else "paper"


def _kind(entry: MonthlyCaseload, random: Random) -> str | None:
    if random.random() < 0.03:
        return None
    return "organisation" if random.random() < entry.service.organisations else "individual"


@cache
def _working_days(month: str) -> tuple[dt.date, ...]:
    first = dt.date.fromisoformat(f"{month}-01")
    days = (first + dt.timedelta(days=number) for number in range(31))
    return tuple(day for day in days if day.month == first.month and day.weekday() < 5)
