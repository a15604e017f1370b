"""The agencies of a province as a tree for reading: children under parents, in the order of the alphabet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.foundation.text.vietnamese import fold, sort_key
from survey.registry.models import Agency

LEVELS = ("province", "district", "commune")
DEEPEST = 5


@dataclass(frozen=True)
class AgencyLine:
    """One agency in the list; `depth` counts from 0."""

    agency: Agency
    depth: int
    exists: bool
    successors: tuple[Agency, ...] = ()


def lines_of(
    agencies: Iterable[Agency],
    successors: Iterable[tuple[int, Agency]],
    day: dt.date,
    *,
    text: str = "",
    with_ended: bool = False,
) -> list[AgencyLine]:
    """The lines of the page.

    Args:
        agencies: those the reader may see; one whose parent is not among them stands at the top.
        successors: (predecessor id, successor).
        day: which agencies exist is asked about this day.
        text: only agencies with this in name or code, whatever the marks and case; then without indentation.
        with_ended: agencies that no longer exist too.
    """
    shown = [agency for agency in agencies if with_ended or not _is_over(agency, day)]
    heirs: dict[int, list[Agency]] = defaultdict(list)
    for predecessor_id, successor in successors:
        heirs[predecessor_id].append(successor)

    def line(agency: Agency, depth: int) -> AgencyLine:
        return AgencyLine(agency, min(depth, DEEPEST), agency.exists_on(day), tuple(heirs.get(agency.id, ())))

    if text:
        wanted = fold(text.strip())
        matching = [agency for agency in shown if wanted in fold(f"{agency.name} {agency.code}")]
        return [line(agency, 0) for agency in _in_order(matching)]
    return [line(agency, depth) for agency, depth in _walk(shown)]


def _is_over(agency: Agency, day: dt.date) -> bool:
    return agency.valid_to is not None and agency.valid_to < day


def _in_order(agencies: Iterable[Agency]) -> list[Agency]:
    return sorted(agencies, key=lambda agency: (LEVELS.index(agency.level), sort_key(agency.name)))


def _walk(agencies: Sequence[Agency]) -> list[tuple[Agency, int]]:
    ids = {agency.id for agency in agencies}
    children: dict[int | None, list[Agency]] = defaultdict(list)
    for agency in agencies:
        children[agency.parent_id if agency.parent_id in ids else None].append(agency)
    walked: list[tuple[Agency, int]] = []
    stack = [(agency, 0) for agency in reversed(_in_order(children[None]))]
    while stack:
        agency, depth = stack.pop()
        walked.append((agency, depth))
        stack.extend((child, depth + 1) for child in reversed(_in_order(children.get(agency.id, ()))))
    return walked
