"""Everything published of a province is hidden jointly: a new publication is held against all before it at once.

What a reader could work out from all of it is asked of `analysis.statistics.disclosure.knowledge`. While some group of
1-29 answers can be, one more figure of the new publication goes: it stays as the revision before told it, or is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

from analysis.figures.weighting.answers import AnswerCell
from analysis.results.publication import services_of_agencies
from analysis.results.publication.counts_as_told import as_told
from analysis.results.publication.publication_builder import HIDDEN
from analysis.results.publication.told_counts import (
    RATINGS,
    TARGET,
    TOTAL,
    Figures,
    Publication,
    ToldCount,
    told_counts,
)
from analysis.statistics.disclosure.knowledge import Knowledge, Told
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC
from survey.foundation.periods import Period

POOLED = ("health_service", "education_service")
# The finest breakdown goes first; what the law asks about stays longest.
RANKS = {services_of_agencies.TABLE: -1, RATINGS: 1, TARGET: 2, TOTAL: 3}


def hide_jointly(new: Publication, before: Sequence[Publication]) -> Figures:
    """Take back what would, beside all that was published, tell the size of a group of 1-29 answers.

    Args:
        new: what would be published; its figures are changed.
        before: every published revision of every period of the province.
    """
    beside = _connected(new.basis.period, before)
    for subject in new.figures["subjects"]:
        _hide(subject, new, beside)
    _hold_pooled(new.figures)
    return new.figures


def _hide(subject: str, new: Publication, beside: Sequence[Publication]) -> None:
    fresh = list(told_counts(new, subject))
    told = [*fresh, *chain.from_iterable(as_told(told_counts(publication, subject)) for publication in beside)]
    if not told:
        return
    knowledge, active = _knowledge(told), np.array([count.is_told for count in told])
    while (leak := knowledge.leak(active)) is not None:
        blamed = [fresh[place] for place in leak.told if place < len(fresh)]
        if not blamed:  # told by what is public already
            knowledge.accept(leak)
            continue
        beyond = [count for count in blamed if _tells_unused(count, fresh)]
        if beyond:  # the figure stays; only how many came beside those it uses goes
            min(beyond, key=_reluctance).row.update(received=None, unweighted=None)
        else:
            _take_back(min(blamed, key=_reluctance), new, beside)
        active[: len(fresh)] = [count.is_told for count in fresh]


def _reluctance(count: ToldCount) -> tuple[int, int, str, str]:
    """The smallest row of a breakdown goes first, the total last."""
    return RANKS.get(count.table, 0), sum(count.cells.values()), count.table, str(count.row.get("domain", ""))


def _take_back(count: ToldCount, new: Publication, beside: Sequence[Publication]) -> None:
    """Its row stays as the revision before told it, or is hidden."""
    if count.table == RATINGS:
        count.row["received"] = None
        new.figures["counts"] = _earlier_ratings(new, beside)
        return
    earlier = _earlier(count, new, beside)
    count.row.update({**earlier["figure"], "kept": True} if earlier else {**HIDDEN, "suppressed": True})
    if count.target is not None:
        count.target["verdict"] = earlier["verdict"] if earlier else None


def _tells_unused(received: ToldCount, fresh: Iterable[ToldCount]) -> bool:
    """Whether it is how many came where fewer are used, which the row tells too."""
    return received.measure == "received" and any(
        count.row is received.row and count.measure == "n" and count.is_told and count.cells != received.cells
        for count in fresh
    )


def _earlier(count: ToldCount, new: Publication, beside: Sequence[Publication]) -> dict[str, Any] | None:
    """The figure (and verdict) that the latest revision of this period told in the same place; None if it told none."""
    revision = _revision_before(new, beside)
    place = None if revision is None else _place(count, revision.figures)
    return place if place is not None and place["figure"].get("n") is not None else None


def _earlier_ratings(new: Publication, beside: Sequence[Publication]) -> dict[str, Any] | None:
    revision = _revision_before(new, beside)
    table = None if revision is None else revision.figures.get("counts")
    return {**table, "kept": True} if table else None


def _revision_before(new: Publication, beside: Sequence[Publication]) -> Publication | None:
    same = [publication for publication in beside if publication.basis.period == new.basis.period]
    return same[-1] if same else None


def _place(count: ToldCount, figures: Figures) -> dict[str, Any] | None:
    if count.target is not None:
        same = (target for target in figures["targets"] if target["id"] == count.target["id"] and "figure" in target)
        return next(same, None)
    entry = figures["subjects"].get(count.subject)
    if entry is None:
        return None
    rows = [entry["total"]] if count.table == TOTAL else entry["by"].get(count.table, [])
    row = next((row for row in rows if row["domain"] == count.row["domain"]), None)
    return None if row is None else {"figure": row}


def _knowledge(told: Sequence[ToldCount]) -> Knowledge:
    """The counts in codes; equal cells are the same cell."""
    cells: dict[AnswerCell, int] = {}
    coded = [
        Told(
            np.array([cells.setdefault(cell, len(cells)) for cell in count.cells], dtype=np.int64),
            np.array(list(count.cells.values()), dtype=np.int64),
            cuts=count.table in (TOTAL, TARGET, services_of_agencies.TABLE),
        )
        for count in told
    ]
    agencies, services = (np.array(ids, dtype=np.int64) for ids in zip(*(cell[:2] for cell in cells), strict=True))
    _ids, agency = np.unique(agencies, return_inverse=True)
    _ids, service = np.unique(services, return_inverse=True)
    return Knowledge(coded, agency, service, FEWEST_PUBLIC)


def _connected(period: Period, before: Sequence[Publication]) -> list[Publication]:
    """The publications that share a month with this period, or with one that does, and so on; in the same order."""
    months = set(period.months)
    while True:
        near = [publication for publication in before if months.intersection(publication.basis.period.months)]
        wider = months.union(*(publication.basis.period.months for publication in near))
        if wider == months:
            return near
        months = wider


def _hold_pooled(figures: Figures) -> None:
    """Health and education in one clause tell the sum of both counts: only where both are told, and newly.

    So of the totals, and of the figures of those whom the two sectors' own targets are about.
    """
    totals = [figures["subjects"].get(subject, {}).get("total") for subject in POOLED]
    own = [target["figure"] for target in figures["targets"] if target["subject"] in POOLED and target.get("figure")]
    if all(part and part["n"] is not None and not part.get("kept") for part in (*totals, *own)):
        return
    for target in figures["targets"]:
        figure = target.get("figure")
        if target["subject"] == "health_and_education" and figure is not None and not figure.get("kept"):
            figure.update(HIDDEN, suppressed=True)
            target["verdict"] = None
