"""Every detector by the kind of signal it finds: one line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_register
from analysis.figures.service import answer
from analysis.periods.release_gate import fetch_released
from analysis.signals import queries
from analysis.signals.channel_detectors import find_channel_flows, find_channel_gaps
from analysis.signals.drip_detectors import DayLoad, find_drips, find_overfull_days
from analysis.signals.finding import (
    ALIKE,
    BURST,
    CHANNEL_FLOW,
    CHANNEL_GAP,
    CHART,
    DRIP,
    DROP,
    OVERFULL,
    OVERFULL_DAY,
    QUIET,
    Finding,
)
from analysis.signals.level_detectors import SUBJECTS, find_drops, find_off_chart, find_overfull
from analysis.signals.silence_detector import LOOK_BACK, find_silences
from analysis.signals.stuffing_detectors import CounterDay, counter_days, find_alike, find_bursts
from analysis.signals.told import MonthCount, channel_counts, month_counts, told_of_channel
from survey.foundation import working_days
from survey.foundation.clock import month_of, today
from survey.foundation.periods import Period, shift_month
from survey.foundation.registered import Registered
from survey.foundation.vocabulary import LIVE_CHANNELS
from survey.registry.models import Province

CHART_MONTHS = 24


@dataclass(frozen=True)
class ProvinceMonth:
    """What detectors look at."""

    province: Province
    period: Period

    @property
    def is_whole(self) -> bool:
        """Whether the month is over."""
        return self.period.last_day < today()

    @cached_property
    def days(self) -> list[CounterDay]:
        """Its sheets by counter and day: when how many came, which may be told at once."""
        return counter_days(queries.fetch_sheets(self.province.id, self.period.code))

    @cached_property
    def counts(self) -> list[MonthCount]:
        """Of each agency and subject, two years of the plain figures that the desk tells."""
        return list(month_counts(self.province.key, SUBJECTS, chart_months(self.period)))

    @cached_property
    def released_days(self) -> list[CounterDay]:
        """Those of them of which may be told what they say."""
        released = fetch_released(self.province.id, self.period.months)
        return counter_days(queries.fetch_sheets(self.province.id, self.period.code, released))


@dataclass(frozen=True)
class Detector:
    """`waits`: what it looks for can only be judged when the month is over."""

    find: Callable[[ProvinceMonth], Iterable[Finding]]
    waits: bool = False


def findings(province: Province, month: str) -> Iterator[Finding]:
    """All that the detectors find in a month, or in the part of it that has passed."""
    looked_at = ProvinceMonth(province, Period.parse(month))
    for detector in DETECTORS.values():
        if looked_at.is_whole or not detector.waits:
            yield from detector.find(looked_at)


def _off_chart(month: ProvinceMonth) -> Iterable[Finding]:
    return find_off_chart(month.counts, chart_months(month.period))


def _overfull(month: ProvinceMonth) -> Iterable[Finding]:
    return find_overfull(queries.fetch_loads(month.province.id, month.period.code), month.period.code)


def _drops(month: ProvinceMonth) -> Iterator[Finding]:
    ids = {facts.code: id_ for id_, facts in fetch_register(month.province.id).agencies.items()}
    for subject in SUBJECTS:
        later, earlier = (
            {figure.domain: figure for figure in answer(question).figures}
            for question in (_by_agency(month, subject, period) for period in (month.period, month.period.previous()))
        )
        pairs = [(ids[code], later[code], earlier[code]) for code in sorted(later.keys() & earlier.keys())]
        yield from find_drops(subject, month.period.code, pairs, len(SUBJECTS))


def _by_agency(month: ProvinceMonth, subject: str, period: Period) -> FigureQuery:
    return FigureQuery(province=month.province.key, subject=subject, period=period, by="agency")


def _quiet(month: ProvinceMonth) -> Iterator[Finding]:
    last = min(month.period.last_day, today() - dt.timedelta(days=1))  # today may still bring answers
    counts = queries.fetch_counter_days(month.province.id, last - LOOK_BACK, last)
    silences = list(find_silences(counts, last))
    places = queries.fetch_counter_places([silence.counter_id for silence in silences], last - LOOK_BACK)
    for silence in silences:
        agency_id, sector = places[silence.counter_id]
        evidence = {
            "since": silence.since.isoformat(),
            "days": silence.days,
            "earlier_days": silence.earlier,
            "earlier_quiet": silence.earlier_quiet,
            "usual": silence.usual,
            "p": silence.p,
        }
        about = f"{silence.counter_id}|{silence.since.isoformat()}"
        yield Finding(QUIET, about, month_of(silence.since), sector, agency_id, silence.counter_id, evidence)


def _drip(month: ProvinceMonth) -> Iterator[Finding]:
    first, last = month.period.first_day, min(month.period.last_day, today())
    counts = queries.fetch_counter_days(month.province.id, first - LOOK_BACK, last, LIVE_CHANNELS)
    drips = list(find_drips(counts, first, last))
    places = queries.fetch_counter_places([drip.counter_id for drip in drips], first)
    for drip in drips:
        agency_id, sector = places[drip.counter_id]
        evidence = {
            "since": drip.since.isoformat(),
            "until": drip.until.isoformat(),
            "days": drip.days,
            "answers": drip.answers,
            "usual": drip.usual,
            "p": drip.p,
        }
        about = f"{drip.counter_id}|{month.period.code}"
        yield Finding(DRIP, about, month.period.code, sector, agency_id, drip.counter_id, evidence)


def _overfull_days(month: ProvinceMonth) -> Iterator[Finding]:
    days = queries.fetch_agency_days(month.province.id, month.period.code)
    months = [shift_month(month.period.code, -back) for back in range(4)]
    flows = queries.fetch_flows({agency_id for agency_id, _sector, _day, _answers in days}, months)
    working = max(1, working_days.between(month.period.first_day, month.period.last_day))
    loads = [
        DayLoad(agency_id, sector, day, answers, flows.get((agency_id, sector), 0.0) / working)
        for agency_id, sector, day, answers in days
    ]
    for load in find_overfull_days(loads):
        evidence = {"day": load.day.isoformat(), "answers": load.answers, "dossiers": load.dossiers, "p": load.p}
        about = f"{load.agency_id}|{load.sector}|{load.day.isoformat()}"
        yield Finding(OVERFULL_DAY, about, month.period.code, load.sector, load.agency_id, None, evidence)


def _channel_flows(month: ProvinceMonth) -> Iterator[Finding]:
    first, last = month.period.first_day, month.period.last_day
    days = queries.fetch_channel_days(month.province.id, first - LOOK_BACK, last)
    shares = list(find_channel_flows(days, first, last))
    places = queries.fetch_counter_places([counter_id for counter_id, _channel, _evidence in shares], first)
    for counter_id, channel, evidence in shares:
        agency_id, sector = places[counter_id]
        about = f"{counter_id}|{channel}|{month.period.code}"
        yield Finding(CHANNEL_FLOW, about, month.period.code, sector, agency_id, counter_id, evidence)


def _channel_gaps(month: ProvinceMonth) -> Iterable[Finding]:
    counts = channel_counts(month.province.key, month.counts)
    return find_channel_gaps(counts, chart_months(month.period), partial(told_of_channel, month.province.key))


def chart_months(period: Period) -> tuple[str, ...]:
    """A month and those before it that a chart looks at, in order."""
    return tuple(shift_month(period.code, -back) for back in reversed(range(CHART_MONTHS + 1)))


DETECTORS: Registered[Detector] = Registered(
    "detector",
    {
        BURST: Detector(lambda month: find_bursts(month.days)),
        ALIKE: Detector(lambda month: find_alike(month.released_days)),
        QUIET: Detector(_quiet),
        DRIP: Detector(_drip),
        OVERFULL_DAY: Detector(_overfull_days),
        CHANNEL_FLOW: Detector(_channel_flows, waits=True),
        CHANNEL_GAP: Detector(_channel_gaps, waits=True),
        CHART: Detector(_off_chart, waits=True),
        OVERFULL: Detector(_overfull, waits=True),
        DROP: Detector(_drops, waits=True),
    },
)
