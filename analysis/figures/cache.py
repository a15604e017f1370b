"""Figures worked out once are given again while nothing behind them has changed: never by the clock, always by content.

Each process remembers for itself. What it remembers is found only under the state of the database at the time of
asking (the random stamps of the months asked about, closings, the register), so processes and servers cannot disagree
and nothing has to be told to forget.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from flask import current_app
from flask_babel import get_locale

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.register import (
    UnitRegister,
    fetch_counters,
    fetch_province,
    fetch_register,
    register_stamp,
    while_registered,
)
from analysis.figures.store.change_stamps import caseload_state, fetch_rating_stamps
from analysis.figures.weighting.boundaries import read_standings
from analysis.periods.closings import fetch_closing_instant
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.transaction_cache import is_writing, read_once
from survey.foundation.vocabulary import PARTS_OF_SUBJECT
from survey.foundation.weighted_lru import State, WeightedLru

MOST_ROWS = 1_000_000  # of cells and covariances together: some 100 MB a process


def _rows(figures: Figures) -> int:
    return 50 + len(figures.figures) ** 2 + (0 if figures.cells is None else len(figures.cells))


MEMORY: WeightedLru[Figures] = WeightedLru(MOST_ROWS, _rows)


def remembered(question: Hashable, state: Hashable | None, work_out: Callable[[], Figures]) -> Figures:
    """The figures of a question in a state; worked out when not at hand. `state` None: nothing is remembered."""
    return MEMORY.get_in(None if state is None else State((question, str(get_locale())), state), work_out)


def state_behind(question: FigureQuery, parts: Sequence[Period] = ()) -> Hashable | None:
    """All that the answer to a question depends on; None inside a transaction that writes.

    `parts`: periods that it is asked for as well, each by itself: months or years of its own.

    Raises UnknownProvince.
    """
    if is_writing():
        return None
    province, day = fetch_province(question.province), today()
    subjects = (question.subject, *PARTS_OF_SUBJECT.get(question.subject, ()))
    ratings = [fetch_rating_stamps(province.id, subject) for subject in subjects]
    periods = (question.period, *parts)
    months = tuple(sorted({month for period in periods for month in period.months}))
    return (
        (day, current_app.config["RELEASE_STEP"]),
        tuple((period.code, fetch_closing_instant(province.id, period.code)) for period in periods),
        tuple(stamps.get(month) for stamps in ratings for month in months),
        caseload_state(province.id, months),
        (province.id, province.name, _register_state(province.id)),
        None if question.boundaries == "then" else _standing_state(province.id),
        _counter_state(province.id) if question.by == "counter" or question.counters else None,
    )


_REGISTER_STATES: WeightedLru[int] = WeightedLru(1000, lambda _: 1)


def while_caseloads_stand(place: Hashable, province_id: int, months: tuple[str, ...]) -> State | None:
    """Where to remember what rests on the caseloads of some months; nowhere inside a transaction that writes."""
    if is_writing() or not months:
        return None
    return State(place, (register_stamp(), months, caseload_state(province_id, months)))


@read_once
def _register_state(province_id: int) -> int:
    return _REGISTER_STATES.get_in(while_registered(province_id), lambda: _read_register_state(province_id))


def _read_register_state(province_id: int) -> int:
    register: UnitRegister = fetch_register(province_id)
    return hash((tuple(register.agencies.items()), tuple(register.services.items())))


@read_once
def _counter_state(province_id: int) -> int:
    return hash(tuple(fetch_counters(province_id).items()))


@read_once
def _standing_state(province_id: int) -> int:
    return hash(tuple(read_standings(province_id, today()).items()))
