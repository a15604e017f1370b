"""THE RELEASE GATE. Whoever tells staff what answers say asks here up to where each agency's answers may be told.

What answers say moves in steps of at least ten answers of an agency and never within a day, so that nobody who
compares two moments of an agency's figures reads one citizen's answer (docs/statistics.md, "When answers are told";
docs/security.md, "What is left", about parts of an agency). How many answers came may be live.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from flask import current_app

from analysis.periods import release_queries as queries
from analysis.periods.release_queries import AgencyMonthKey, AgencyMonthMark
from analysis.periods.release_steps import AgencyMonth, cut_while_running, cuts_of_year
from analysis.periods.released import Released
from survey.foundation.caching.transaction_cache import is_writing, read_once
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.clock import local_day, start_of_day, today
from survey.foundation.periods import Period

T = TypeVar("T")
Cuts = Mapping[AgencyMonthKey, dt.datetime]
_WHOLE: WeightedLru[bool] = WeightedLru(300_000, lambda _: 1)
_CUTS: WeightedLru[Cuts] = WeightedLru(300_000, len)
_RELEASED: WeightedLru[Released] = WeightedLru(300_000, lambda released: 10 + len(released.cuts))


class _Asked(NamedTuple):
    """Whose answers, as they could be told when, in steps of how many."""

    province_id: int
    until: dt.datetime
    step: int

    def is_running(self, month: str) -> bool:
        """Whether a month was not over yet."""
        return _end(month) > self.until


@read_once
def fetch_released(province_id: int, months: tuple[str, ...], received_before: dt.datetime | None = None) -> Released:
    """Up to where each agency's answers of these months may be told today.

    `received_before`: as they could be told at that instant, that of a closing say.
    """
    step = int(current_app.config["RELEASE_STEP"])
    if not step:
        return Released(received_before)
    asked = _Asked(province_id, received_before or start_of_day(today()), step)
    every = tuple(sorted({*months, *_months_of_ended_years(months, asked.until)}))
    key = State((asked, months), queries.fetch_stamps(province_id, every))
    return _remembered(_RELEASED, key, lambda: _released(asked, months, every))


def _released(asked: _Asked, months: tuple[str, ...], every: tuple[str, ...]) -> Released:
    marks = queries.fetch_marks(asked.province_id, every)
    whole = _whole(asked, [mark for mark in marks if not asked.is_running(mark.place.month)])
    open_marks = [mark for mark in marks if mark not in whole]
    latest = {mark.place: mark.latest for mark in open_marks}
    cuts = _cuts(asked, open_marks, {mark.place for mark in whole if mark.place.month.endswith("-12")})
    cuts_of = [(*place, cut) for place, cut in cuts.items() if place.month in months and cut <= latest[place]]
    return Released(asked.until, tuple(sorted(cuts_of)), tuple(month for month in months if asked.is_running(month)))


def _whole(asked: _Asked, marks: Sequence[AgencyMonthMark]) -> set[AgencyMonthMark]:
    """The ended months that may be told as they stand: nothing came late, and they hold a step."""
    keys = {mark: State((asked.province_id, asked.step, mark.place), mark) for mark in marks}
    known = {mark: _WHOLE.find(key) for mark, key in keys.items()}
    missing = [mark for mark, is_whole in known.items() if is_whole is None]
    in_time = {mark for mark in missing if mark.latest < _end(mark.place.month)}
    thin = queries.fetch_thin(asked.province_id, {mark.place.month for mark in in_time}, asked.step)
    known |= {mark: mark in in_time and mark.place not in thin for mark in missing}
    _keep(_WHOLE, {keys[mark]: known[mark] for mark in missing})
    return {mark for mark, is_whole in known.items() if is_whole}


def _cuts(asked: _Asked, marks: Iterable[AgencyMonthMark], whole_decembers: set[AgencyMonthKey]) -> Cuts:
    """The cut of each mark's month; those of an agency's ended months hang together by year."""
    groups: dict[tuple[int, str], list[AgencyMonthMark]] = defaultdict(list)
    for mark in marks:
        month, agency_id = mark.place
        groups[agency_id, month if asked.is_running(month) else month[:4]].append(mark)
    keys = {
        month_group: State((asked, month_group), (tuple(group), _december(month_group) in whole_decembers))
        for month_group, group in groups.items()
    }
    known = {month_group: _CUTS.find(key) for month_group, key in keys.items()}
    missing = [month_group for month_group, cuts in known.items() if cuts is None]
    places = [mark.place for month_group in missing for mark in groups[month_group]]
    arrivals = queries.fetch_arrivals(asked.province_id, places, asked.until)
    for month_group in missing:
        months = {
            mark.place: AgencyMonth(arrivals.get(mark.place, ()), _end(mark.place.month))
            for mark in groups[month_group]
        }
        beside = asked.step if _december(month_group) in whole_decembers else 0
        known[month_group] = _cuts_of(asked, month_group[1], months, beside=beside)
    _keep(_CUTS, {keys[month_group]: known[month_group] for month_group in missing})
    return {place: cut for cuts in known.values() if cuts is not None for place, cut in cuts.items()}


def _cuts_of(asked: _Asked, time: str, months: Mapping[AgencyMonthKey, AgencyMonth], *, beside: int) -> Cuts:
    """`time`: a running month, or the year of ended ones."""
    if len(time) > len("2026"):
        day_begins = start_of_day(local_day(asked.until))
        return {place: cut_while_running(month, day_begins, asked.step) for place, month in months.items()}
    cuts = cuts_of_year(list(months.values()), asked.until, asked.step, _end(f"{time}-12"), beside)
    return dict(zip(months, cuts, strict=True))


def _december(group: tuple[int, str]) -> AgencyMonthKey:
    agency_id, time = group
    return AgencyMonthKey(f"{time}-12", agency_id)


@lru_cache(maxsize=1_000)  # asked once for each agency of each month
def _end(month: str) -> dt.datetime:
    return Period.parse(month).ends_at


def _months_of_ended_years(months: Iterable[str], until: dt.datetime) -> list[str]:
    years = sorted({month[:4] for month in months})
    return [month for year in years if _end(f"{year}-12") <= until for month in Period.parse(year).months]


def _remembered(memory: WeightedLru[T], key: Hashable, work_out: Callable[[], T]) -> T:
    return work_out() if is_writing() else memory.get(key, work_out)


def _keep(memory: WeightedLru[T], things: Mapping[State, T | None]) -> None:
    lasting = not is_writing()
    for key, thing in things.items():
        if lasting and thing is not None:
            memory.keep(key, thing)
