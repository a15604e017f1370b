"""Figures worked out once are given again while nothing behind them has changed: never by the clock, always by content.

Each process remembers for itself. What it remembers is found only under the state of the database at the time of
asking (the random stamps of the months asked about, closings, the register), so processes and servers cannot disagree
and nothing has to be told to forget.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TYPE_CHECKING

from flask_babel import get_locale

from analysis.queries.closings import fetch_closing_instant
from analysis.queries.marks import fetch_caseload_stamps, fetch_rating_stamps
from analysis.queries.register import Register, fetch_province, fetch_register
from analysis.queries.snapshot import is_writing, read_once
from analysis.question import Question
from analysis.weighting.boundaries import read_standings
from analysis.weighting.population import BORROW_MONTHS
from survey.foundation.clock import today
from survey.foundation.periods import shift_month

if TYPE_CHECKING:
    from analysis.figures import Figures

MOST_ROWS = 1_000_000  # of cells and covariances together: some 100 MB a process


class _Memory:
    """The figures used last, as many as fit."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Figures, int]] = OrderedDict()
        self._rows, self._lock = 0, Lock()

    def get(self, key: Hashable) -> Figures | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, figures: Figures) -> None:
        rows = 50 + len(figures.figures) ** 2 + (0 if figures.cells is None else len(figures.cells))
        with self._lock:
            self._rows += rows - self._kept.pop(key, (figures, 0))[1]
            self._kept[key] = (figures, rows)
            while self._rows > MOST_ROWS:
                self._rows -= self._kept.popitem(last=False)[1][1]


_memory = _Memory()


def remembered(question: Hashable, state: Hashable | None, work_out: Callable[[], Figures]) -> Figures:
    """The figures of a question in a state; worked out when not at hand. `state` None: nothing is remembered."""
    if state is None:
        return work_out()
    key = (question, state, str(get_locale()))
    found = _memory.get(key)
    if found is None:
        found = work_out()
        _memory.put(key, found)
    return found


def state_behind(question: Question) -> Hashable | None:
    """All that the answer to a question depends on; None inside a transaction that writes.

    Raises UnknownProvince.
    """
    if is_writing():
        return None
    province, day = fetch_province(question.province), today()
    months = question.period.months
    earlier = tuple(shift_month(months[0], -back) for back in range(1, BORROW_MONTHS + 1))
    ratings, caseloads = fetch_rating_stamps(province.id, question.subject), fetch_caseload_stamps(province.id)
    return (
        day,
        fetch_closing_instant(province.id, question.period.code),
        tuple(ratings.get(month) for month in months),
        tuple(caseloads.get(month) for month in (*months, *earlier)),
        (province.id, province.name, _register_state(province.id)),
        None if question.boundaries == "then" else _standing_state(province.id),
    )


@read_once
def _register_state(province_id: int) -> int:
    register: Register = fetch_register(province_id)
    return hash((tuple(register.agencies.items()), tuple(register.services.items())))


@read_once
def _standing_state(province_id: int) -> int:
    return hash(tuple(read_standings(province_id, today()).items()))
