"""How far an agency's month may be told: in steps, so that comparing two looks tells nobody's own answer.

Pure functions on arrivals, the instants (in order) at which an agency's answers of one month were received, with how
many came at each. A cut is an instant: what was received before it is told (docs/statistics.md, "When answers
are told"). A cut never goes back as time goes on, and the answers between two cuts are `step` or more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NOTHING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # a cut before which nothing was received
_AFTER = dt.timedelta(microseconds=1)

Arrivals = Sequence[tuple[dt.datetime, int]]


@dataclass(frozen=True)
class AgencyMonth:
    """The answers an agency was given in one month: when they were received, and the instant that month ended."""

    arrivals: Arrivals
    ended_at: dt.datetime

    def received(self, before: dt.datetime, since: dt.datetime = NOTHING) -> int:
        """How many came from one instant to before another."""
        return sum(count for at, count in self.arrivals if since <= at < before)


def cut_while_running(month: AgencyMonth, day_begins: dt.datetime, step: int) -> dt.datetime:
    """The cut of a month that is not over: the newest `step` or more of what came before this day are held back.

    So the end of the month, which tells all of it, is a step of at least `step` too.
    """
    total, told, cut = month.received(day_begins), 0, NOTHING
    for at, count in _steps(month.arrivals, NOTHING, day_begins, step):
        if total - told - count < step:
            break
        told, cut = told + count, at
    return cut


def cut_when_ended(month: AgencyMonth, until: dt.datetime, step: int, all_before: dt.datetime = NOTHING) -> dt.datetime:
    """The cut, at `until`, of a month that is over.

    All that came in time if that is `step` or more; then what came late, as soon as it makes a step. `all_before`: the
    instant at which all that waited was told.
    """
    cut = month.ended_at if month.received(month.ended_at) >= step else NOTHING
    if all_before == NOTHING:
        return _further(month, cut, until, step)
    return _further(month, max(_further(month, cut, all_before, step), all_before), until, step)


def cuts_of_year(
    months: Sequence[AgencyMonth], until: dt.datetime, step: int, year_ended_at: dt.datetime, beside: int = 0
) -> list[dt.datetime]:
    """The cut, at `until`, of each ended month of an agency's year.

    What still waits in its months at the end of the year is told together then, if together it makes a step: `beside`
    are answers told at that instant that are not among `months`.
    """
    all_before = NOTHING
    if year_ended_at <= until:
        waiting = beside + sum(_waiting(month, year_ended_at, step) for month in months)
        all_before = year_ended_at if waiting >= step else NOTHING
    return [cut_when_ended(month, until, step, all_before) for month in months]


def _waiting(month: AgencyMonth, year_ended_at: dt.datetime, step: int) -> int:
    """What the end of the year would newly tell; of the month that ends with it at least a step was held back."""
    ended = month.ended_at < year_ended_at
    cut = cut_when_ended(month, year_ended_at, step) if ended else NOTHING
    return month.received(year_ended_at, since=cut)


def _further(month: AgencyMonth, cut: dt.datetime, until: dt.datetime, step: int) -> dt.datetime:
    return max([cut, *(at for at, _count in _steps(month.arrivals, cut, until, step))])


def _steps(arrivals: Arrivals, since: dt.datetime, until: dt.datetime, step: int) -> Iterator[tuple[dt.datetime, int]]:
    """(cut, answers since the one before) of each step; what came at one instant is never torn apart."""
    waiting = 0
    for at, count in arrivals:
        if since <= at < until:
            waiting += count
            if waiting >= step:
                yield at + _AFTER, waiting
                waiting = 0
