"""The counts of an earlier publication as it told them, where the answers behind them have changed since.

Answers were erased by order, or a caseload was corrected, so that more or fewer are used: what is stored now no longer
adds up to what was told. A reader who knows both learns of those few. So each count is made of as many answers as it
told; whose the others were is not known, and they are taken to be of the largest cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from analysis.figures.weighting.answers import AnswerCell
from analysis.results.publication.told_counts import TOTAL, ToldCount

FINEST = "agency"  # the table whose rows say where the answers are missing


def as_told(counts: Iterable[ToldCount]) -> list[ToldCount]:
    """The counts of one publication and subject, each of the answers that it told."""
    missing: dict[str, Counter[AnswerCell]] = {"n": Counter(), "received": Counter()}
    settled: dict[str, set[AnswerCell]] = {"n": set(), "received": set()}
    adjusted = []
    for count in sorted(counts, key=lambda count: (count.table != FINEST, count.table != TOTAL)):
        shift, known = missing[count.measure], settled[count.measure]
        cells = {cell: max(n + shift[cell], 0) for cell, n in count.cells.items()}
        rest = (count.row[count.measure] or 0) - sum(cells.values()) if count.is_told else 0
        if rest:
            own = _spread(rest, cells, cells.keys() - known or cells.keys())
            cells = {cell: n + own[cell] for cell, n in cells.items()}
            if count.table in (FINEST, TOTAL):
                shift.update(own)
        if count.table == FINEST and count.is_told:
            known |= cells.keys()
        adjusted.append(replace(count, cells={cell: n for cell, n in cells.items() if n}))
    return adjusted


def _spread(rest: int, cells: Mapping[AnswerCell, int], among: Iterable[AnswerCell]) -> Counter[AnswerCell]:
    """So many answers more, or fewer, by cell: of the largest first, and of none more than it holds."""
    own = Counter[AnswerCell]()
    for cell in sorted(among, key=lambda cell: (-cells[cell], cell)):
        own[cell] = max(rest, -cells[cell])
        rest -= own[cell]
        if not rest:
            break
    return own
