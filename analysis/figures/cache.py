"""Figures worked out once are given again while nothing behind them has changed: never by the clock, always by content.

Each process remembers for itself. What it remembers is found only under the state of the database at the time of
asking (`states`), so processes and servers cannot disagree and nothing has to be told to forget.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask_babel import get_locale

from analysis.figures.figure import Figures
from analysis.figures.register import register_stamp
from analysis.figures.store.change_stamps import caseload_state
from survey.foundation.caching.transaction_cache import is_writing
from survey.foundation.caching.weighted_lru import State, WeightedLru

MOST_ROWS = 1_000_000  # of cells and covariances together: some 100 MB a process


def _rows(figures: Figures) -> int:
    return 50 + len(figures.figures) ** 2 + (0 if figures.cells is None else len(figures.cells))


MEMORY: WeightedLru[Figures] = WeightedLru(MOST_ROWS, _rows)


def remembered(question: Hashable, state: Hashable | None, work_out: Callable[[], Figures]) -> Figures:
    """The figures of a question in a state; worked out when not at hand. `state` None: nothing is remembered."""
    return MEMORY.get_in(None if state is None else State((question, str(get_locale())), state), work_out)


def while_caseloads_stand(place: Hashable, province_id: int, months: tuple[str, ...]) -> State | None:
    """Where to remember what rests on the caseloads of some months; nowhere inside a transaction that writes."""
    if is_writing() or not months:
        return None
    return State(place, (register_stamp(), months, caseload_state(province_id, months)))
