"""Which answers a figure is made of: of each agency, service, respondent kind and month, received and used."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from analysis.figures.weighting.post_strata import UNASSIGNED
from analysis.figures.weighting.prepare import Prepared


class AnswerCell(NamedTuple):
    """Answers that nothing published tells apart further: ids (`service_id` 0: none named), kind, ``YYYY-MM``."""

    agency_id: int
    service_id: int
    kind: str
    month: str


class CellCounts(NamedTuple):
    """How many of a cell's answers came, and how many of them the estimate uses."""

    received: int
    used: int


def answers_behind(prepared: Prepared, months: tuple[str, ...]) -> dict[AnswerCell, CellCounts]:
    """The answers of a question without breakdown, as its estimate takes them; `months` are its period's."""
    received: Counter[AnswerCell] = Counter()
    used: Counter[AnswerCell] = Counter()
    groups = prepared.cells.groups.tolist()
    covered = {
        post_stratum
        for post_stratum, group in zip(prepared.table.post_strata, groups, strict=True)
        if group >= 0 and post_stratum.service_id != UNASSIGNED
    }
    keys = iter(prepared.table.pairs)
    for outline in prepared.blocks.outlines:
        for (place, _label), by_month in zip(outline.pairs, outline.by_month.tolist(), strict=True):
            group, is_used = outline.groups[place], next(keys).post_stratum in covered
            for month, count in zip(months, by_month, strict=True):
                cell = AnswerCell(group.agency_id, group.service_id or 0, group.respondent_kind, month)
                received[cell] += count
                used[cell] += count if is_used else 0
    return {cell: CellCounts(count, used[cell]) for cell, count in received.items() if count}
