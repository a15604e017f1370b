"""Which parts of an answer's circumstances a file may tell: nobody is ever alone with what is told of them.

A pure function. The rows of one agency, sector and month are looked at together. What is told of an answer (day,
service, channel, kind of respondent, language) must be shared by at least 10 rows told alike, the number under which
staff see no percentage. Otherwise less is told, level by level, of those and, where they are fewer than 10, of the
smallest group beside them: a page tells how many an agency's month or a service of it has, and that number minus the
rows of the file is nobody, or 10 and more. Fewer than 10 of an agency's month are held back (docs/exports.md, "What is
held back").
"""

from __future__ import annotations

from collections import defaultdict
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
    waiting = [(AGENCY_ONLY, list(range(len(rows))))] if len(rows) >= TOGETHER else []
    while waiting:
        level, places = waiting.pop()
        left, told = _split(rows, places, level - 1) if level > DAY else (places, [])
        for place in left:
            level_of[place] = level
        waiting += [(level - 1, alike) for alike in told]
    return level_of


def _split(rows: Sequence[Circumstances], places: Sequence[int], level: int) -> tuple[list[int], list[list[int]]]:
    """Those of whom this level would tell too much, with the smallest group where they are few; and the other groups.

    So what is told of a group leaves nobody of it, or ten and more, to whoever knows the group from elsewhere.
    """
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for place in places:
        alike[TOLD[level](rows[place])].append(place)
    groups = sorted(alike.values(), key=len, reverse=True)
    many = [group for group in groups if len(group) >= TOGETHER]
    left = [place for group in groups if len(group) < TOGETHER for place in group]
    return (left + many.pop(), many) if 0 < len(left) < TOGETHER else (left, many)
