"""Where an agency of the past stands on a given day: "as it was then" against "in today's boundaries".

A chain of renames and mergers leads to one heir. A split is flagged and never prorated: nobody knows which of the
old answers belonged to which new agency.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

DISTRICTS_ENDED = dt.date(2025, 7, 1)  # local government of two levels, Law 72/2025/QH15
Fate = Literal["itself", "succeeded", "split", "abolished"]


@dataclass(frozen=True)
class AgencyFate:
    """What became of an agency.

    `heirs`: the agencies that exist on the day and answer for it: itself, one successor, several after a split, none
    if it was abolished.
    """

    fate: Fate
    heirs: tuple[int, ...]

    @property
    def counted_under(self) -> int | None:
        """The one agency whose figures include this one's in today's boundaries; None: shown apart."""
        return self.heirs[0] if self.fate in ("itself", "succeeded") else None


@dataclass(frozen=True)
class Lifetime:
    """First and last day of an agency; None is open."""

    valid_from: dt.date | None
    valid_to: dt.date | None

    def ended_before(self, day: dt.date) -> bool:
        """Whether it no longer exists on the day."""
        return self.valid_to is not None and self.valid_to < day


def standings(
    agencies: Mapping[int, Lifetime], successions: Iterable[tuple[int, int]], day: dt.date
) -> dict[int, AgencyFate]:
    """What became of each agency by `day`.

    Args:
        agencies: every agency by id.
        successions: (predecessor id, successor id); circles are impossible (imports refuse them).
        day: usually today.
    """
    successors: dict[int, list[int]] = defaultdict(list)
    for predecessor, successor in successions:
        successors[predecessor].append(successor)
    return {agency_id: _standing(agency_id, agencies, successors, day) for agency_id in agencies}


def _standing(
    agency_id: int, agencies: Mapping[int, Lifetime], successors: Mapping[int, list[int]], day: dt.date
) -> AgencyFate:
    if not agencies[agency_id].ended_before(day):
        return AgencyFate("itself", (agency_id,))
    heirs: set[int] = set()
    frontier = [agency_id]
    while frontier:
        here = frontier.pop(0)
        if not agencies[here].ended_before(day):
            heirs.add(here)
            continue
        frontier.extend(successors.get(here, ()))
    if not heirs:
        return AgencyFate("abolished", ())
    # What was split and wholly merged again has one heir, and so counts under it.
    return AgencyFate("succeeded" if len(heirs) == 1 else "split", tuple(sorted(heirs)))
