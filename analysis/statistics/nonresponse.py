"""What volunteers cannot tell us: bounds without assumptions, and how much a suspected burst matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import total_by
from analysis.statistics.counts import share_of
from analysis.statistics.estimation import Estimation, estimate
from analysis.statistics.problems import StatisticsError
from analysis.statistics.verdicts.verdict import Threshold, Verdict, judge


@dataclass(frozen=True)
class ManskiBounds:
    """The share satisfied among all N, whatever those who did not answer think: 0 <= low <= high <= 1."""

    low: float
    high: float


def manski_bounds(satisfied: int, responses: int, caseload: float) -> ManskiBounds | None:
    """[s/N, s/N + 1 - r], r = n/N; None when N is unknown or smaller than n. Manski, AER 80 (1990).

    Raises StatisticsError `share` unless 0 <= s <= n.
    """
    share_of(satisfied, responses)
    if not caseload > 0 or responses > caseload:
        return None
    return ManskiBounds(satisfied / caseload, (satisfied + (caseload - responses)) / caseload)


def tipping_share(satisfied: int, responses: int, caseload: float, threshold: Fraction) -> float | None:
    """tau = (t - s/N)/(1 - r): the target fails only if fewer than tau of those who did not answer are satisfied.

    Below 0: it cannot fail; above 1: it cannot be met. None when N is unknown or everyone (or more) answered. Raises
    StatisticsError `share` unless 0 <= s <= n.
    """
    share_of(satisfied, responses)
    if not caseload > 0 or responses >= caseload:
        return None
    return (float(threshold) * caseload - satisfied) / (caseload - responses)


class Treatment(StrEnum):
    """What is done with answers suspected of stuffing; they are never deleted."""

    ALL = "all"
    DROPPED = "dropped"
    COUNTED_ONCE = "counted_once"
    DISSATISFIED = "dissatisfied"


def stuffing_figures(cells: Cells, burst: ArrayLike, *, fpc: bool = True) -> Mapping[Treatment, Estimation]:
    """The four figures: all; flagged dropped; each flagged burst counted once; flagged counted as dissatisfied.

    `burst` (K,): the burst a cell's answers belong to (code >= 0), -1 for cells not flagged. Counted once: every
    answer of a burst of b answers gets base weight 1/b. Raises StatisticsError `burst` for codes of another length than
    the cells, or a method other than top2.
    """
    codes = np.asarray(burst)
    if codes.shape != cells.responses.shape or cells.ratio is not None:
        raise StatisticsError("burst", "Cần một mã đợt nghi vấn cho mỗi ô, và chỉ tính theo tỷ lệ hài lòng chung.")
    flagged = codes >= 0
    none = np.zeros_like(cells.responses)
    size = int(codes.max(initial=-1)) + 1
    answers = total_by(codes[flagged], cells.responses[flagged], size)
    base = np.ones(len(cells)) if cells.base_weight is None else cells.base_weight.copy()
    base[flagged] /= np.maximum(answers[codes[flagged]], 1)
    hits = np.where(flagged, none, cells.satisfied)
    variants = {
        Treatment.ALL: cells,
        Treatment.DROPPED: replace(cells, responses=np.where(flagged, none, cells.responses), satisfied=hits),
        Treatment.COUNTED_ONCE: replace(cells, base_weight=base),
        Treatment.DISSATISFIED: replace(cells, satisfied=hits),
    }
    return {treatment: estimate(variant, fpc=fpc) for treatment, variant in variants.items()}


def robust_verdict(figures: Mapping[Treatment, Estimation], domain: str, target: Threshold) -> Verdict | None:
    """The verdict on `domain` with all answers, if all four figures agree on it in point and evidence; else None."""
    verdicts = [judge(figure[domain], target) for figure in figures.values()]
    answers = {None if verdict is None else (verdict.point, verdict.evidence) for verdict in verdicts}
    return judge(figures[Treatment.ALL][domain], target) if len(answers) == 1 else None
