"""Which answers may be told: a cut for each agency's month, as a condition of any statement that reads answers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, literal, true

from analysis.periods.release_steps import NOTHING
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.storage.database import Instant


@dataclass(frozen=True)
class Released:
    """What may be told: what was received before `before` (None: everything), of some agencies' months less.

    `cuts`: (month, agency, instant), sorted, where less is told; `running`: months of which nothing is told of
    agencies without a cut of their own.
    """

    before: dt.datetime | None = None
    cuts: tuple[tuple[str, int, dt.datetime], ...] = ()
    running: tuple[str, ...] = ()

    def cut(self, month: str, agency_id: int) -> dt.datetime | None:
        """The instant before which an agency's answers of a month must have been received to be told; None: any."""
        return self._by_place.get((month, agency_id), NOTHING if month in self.running else self.before)

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, int], dt.datetime]:
        return {(month, agency_id): cut for month, agency_id, cut in self.cuts}

    @property
    def months(self) -> list[str]:
        """The months of which something is held back that was received before `before`."""
        return sorted({*self.running, *(month for month, _agency, _cut in self.cuts)})

    @once_for_each
    def told(self, table: Any) -> ColumnElement[bool]:
        """The condition on `month`, `agency_id` and `received_at` of a table: the answer may be told.

        Agencies with the same cut stand together: a statement is built, and looked up again, for each question.
        """
        if self.before is None:
            return true()
        by_month: dict[str, dict[dt.datetime, list[int]]] = defaultdict(lambda: defaultdict(list))
        for month, agency_id, cut in self.cuts:
            by_month[month][cut].append(agency_id)
        usual = _bound(self.before)
        limits: dict[str, ColumnElement[Any]] = {}
        for month in self.months:
            others = _bound(NOTHING) if month in self.running else usual
            cuts = [(table.agency_id.in_(agencies), _bound(cut)) for cut, agencies in by_month[month].items()]
            limits[month] = case(*cuts, else_=others) if cuts else others
        limit = case(limits, value=table.month, else_=usual) if limits else usual
        condition: ColumnElement[bool] = table.received_at < limit
        return condition

    def held_back(self, table: Any, months: Sequence[str]) -> ColumnElement[bool]:
        """The opposite: the answers of these months that may not be told yet."""
        return false() if self.before is None else and_(table.month.in_(months), ~self.told(table))


def _bound(instant: dt.datetime) -> ColumnElement[Any]:
    return literal(instant, Instant())


EVERYTHING = Released()
