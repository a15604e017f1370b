"""Which parts of an answer's circumstances a file may tell: nobody is ever alone with what is told of them.

A pure function. The rows of one agency, sector and month are looked at together. What is told of an answer (day,
service, channel, kind of respondent, language) must be shared by at least 10 rows told alike, the number under which
staff see no percentage (statistics.md, section 4). Otherwise less is told, level by level; the last are held back.
A level is only taken by those whom no finer one could take, so a row's vagueness says no more than that of 10 others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from analysis.statistics.disclosure.primary import FEWEST_STAFF

TOGETHER = FEWEST_STAFF
DAY, MONTH, SERVICE_ONLY, AGENCY_ONLY, HELD_BACK = range(5)


class Circumstances(NamedTuple):
    """What is known of an answer beside its ratings."""

    day: Hashable
    service: Hashable
    channel: Hashable
    kind: Hashable
    language: Hashable


# What each level tells of (day, service, channel, kind of respondent, language).
TOLD: tuple[Callable[[Circumstances], Hashable], ...] = (
    lambda row: row,
    lambda row: row[1:],
    lambda row: row.service,
    lambda _row: None,
)


def levels(rows: Sequence[Circumstances]) -> list[int]:
    """How much may be told of each row (DAY … HELD_BACK), given all rows of an agency, sector and month."""
    level_of = [HELD_BACK] * len(rows)
    left = list(range(len(rows)))
    for level, told in enumerate(TOLD):
        if len(left) < TOGETHER:
            break
        keys = [told(rows[place]) for place in left]
        alike = Counter(keys)
        still = []
        for place, key in zip(left, keys, strict=True):
            if alike[key] >= TOGETHER:
                level_of[place] = level
            else:
                still.append(place)
        left = still
    return level_of
