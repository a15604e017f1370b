"""The one query behind every count: how often each value was given per agency, service, kind, counter, day, channel.

The live tables and the archive are asked the same; only the names of the columns are bound here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, case, func, select

from analysis.figures.codebook import RECORD, VALUES, codebook
from analysis.figures.rating_queries import day_of_month
from analysis.statistics.cells.grouping import Ints

KEY = ("agency_id", "service_id", "respondent_kind", "counter_id", "day", "channel")


def cell_query(ratings: Any, absent: int | str = 0, further: tuple[ColumnElement[Any], ...] = ()) -> Select[Any]:
    """The cells of ratings, in no order: `further` columns, those of KEY as numbers or codes, how many gave 1-5.

    Args:
        ratings: has the columns of KEY and `value`.
        absent: what stands for a service or counter that is not told.
        further: by what the cells are told apart besides.
    """
    codes = codebook()
    return select(
        *further,
        ratings.agency_id,
        func.coalesce(ratings.service_id, absent),
        case({name: place for place, name in enumerate(codes.kinds)}, value=ratings.respondent_kind),
        func.coalesce(ratings.counter_id, absent),
        day_of_month(ratings.day),
        case({name: place for place, name in enumerate(codes.channels)}, value=ratings.channel),
        *(func.count(case((ratings.value == value, 1))) for value in VALUES),
    ).group_by(*further, *(getattr(ratings, name) for name in KEY))


def records_by_agency(table: Ints) -> Mapping[int, bytes]:
    """The records of each agency, as they are kept, from the rows of one month's cells, (K, 11) numbers in any order.

    They are put in the order of their numbers: the same cells are the same bytes, whichever database gave them.
    """
    table = table[np.lexsort(table.T[5::-1])]
    records = np.empty(len(table), dtype=RECORD)
    for place, name in enumerate(("service", "kind", "counter", "day", "channel"), start=1):
        records[name] = table[:, place]
    records["counts"] = table[:, 6:]
    bounds = np.flatnonzero(np.diff(table[:, 0], prepend=-1, append=-1))
    return {int(table[a, 0]): records[a:b].tobytes() for a, b in pairwise(bounds.tolist())}


def rows_of(result: Any) -> Ints:
    """The rows of a result, all numbers, as (K, 11)."""
    return np.fromiter(chain.from_iterable(result), np.int64).reshape(-1, len(KEY) + len(VALUES))
