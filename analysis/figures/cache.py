"""Figures worked out once are given again while nothing behind them has changed: never by the clock, always by content.

Each process remembers for itself. What it remembers is found only under the state of the database at the time of
asking (the random stamps of the months asked about, closings, the register), so processes and servers cannot disagree
and nothing has to be told to forget.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

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
from analysis.figures.store.change_stamps import caseload_state, rating_state
from analysis.figures.store.told_digest import told_digest
from analysis.figures.weighting.boundaries import in_boundaries, read_standings
from analysis.figures.weighting.prepare import rating_scope
from analysis.periods.closings import fetch_closing_instant
from analysis.statistics.ratio import Method
from survey.foundation.clock import today
from survey.foundation.transaction_cache import is_writing, read_once
from survey.foundation.weighted_lru import State, WeightedLru
from survey.registry.models import Province

MOST_ROWS = 1_000_000  # of cells and covariances together: some 100 MB a process


def _rows(figures: Figures) -> int:
    return 50 + len(figures.figures) ** 2 + (0 if figures.cells is None else len(figures.cells))


MEMORY: WeightedLru[Figures] = WeightedLru(MOST_ROWS, _rows)


_TOLD: WeightedLru[bytes | None] = WeightedLru(20_000, lambda _digest: 1)


def remembered(question: Hashable, state: Hashable | None, work_out: Callable[[], Figures]) -> Figures:
    """The figures of a question in a state; worked out when not at hand. `state` None: nothing is remembered."""
    return MEMORY.get_in(None if state is None else State((question, str(get_locale())), state), work_out)


def state_behind(question: FigureQuery) -> Hashable | None:
    """All that the answer to a question depends on; None inside a transaction that writes.

    Raises UnknownProvince.
    """
    if is_writing():
        return None
    province = fetch_province(question.province)
    return (rating_state(province.id, question.period.months), *_beside_ratings(question, province))


def state_told(question: FigureQuery) -> Hashable | None:
    """`state_behind`, but answers that may not be told yet leave it as it is where the question rests on sums.

    Raises UnknownProvince.
    """
    state = state_behind(question)
    if state is None or not question.rests_on_sums:
        return state
    scope_alone = replace(question, by=None, method=Method.TOP2, audience="staff", beside=False, kind_by_hand=False)
    told = _TOLD.get(State(scope_alone, state), lambda: _told_digest(question))
    return state if told is None else (told, *_beside_ratings(question, fetch_province(question.province)))


def _told_digest(question: FigureQuery) -> bytes | None:
    province_id = fetch_province(question.province).id
    asked, _register = in_boundaries(question, province_id, fetch_register(province_id))
    return told_digest(rating_scope(asked, province_id))


def _beside_ratings(question: FigureQuery, province: Province) -> tuple[Hashable, ...]:
    """Day, closing, caseloads, register and boundaries."""
    period = question.period
    return (
        (today(), current_app.config["RELEASE_STEP"]),
        (period.code, fetch_closing_instant(province.id, period.code)),
        caseload_state(province.id, period.months),
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
