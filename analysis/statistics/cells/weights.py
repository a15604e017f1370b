"""From counts and known totals to one weight per cell: post-stratification and raking."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Bools, Floats, Ints, divide, total_by
from analysis.statistics.problems import Caveat, CaveatCode, StatisticsError, warn

_TOLERANCE = 1e-14
_MOST_SWEEPS = 1000


@dataclass(frozen=True)
class Margin:
    """Known totals of one variable, e.g. dossiers by sector; the categories are those of `Cells.margins[name]`."""

    name: str
    totals: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Calibration:
    """One step that made weighted counts agree with known totals.

    `category` (K,) of every cell; `counted` (C,): the answers of each category, if post-stratified at base weights.
    """

    category: Ints
    counted: Floats


@dataclass(frozen=True, eq=False)
class Weighting:
    """`weight` (K,) is 0 for a cell that no weighted figure uses; `used` (K,) says which cells those are not.

    `base` (K,) is the weight before any calibration, None = 1 everywhere. `calibrations` are what the variance must be
    adjusted for, in order.
    """

    weight: Floats
    used: Bools
    base: Floats | None
    calibrations: tuple[Calibration, ...]
    raked: bool
    warnings: tuple[Caveat, ...]

    @property
    def converged(self) -> bool:
        """Whether the weighted counts agree with what is known: raking may run out of sweeps."""
        return not self.warnings


def post_stratify(cells: Cells) -> Weighting:
    """w_k = b_k N_g / sum over g of b n, g being the weighting group of the cell's post-stratum.

    R: `postStratify(design, ~g, population)`. Cells whose group is not covered, or whose post-stratum has no caseload,
    get weight 0.
    """
    base = cells.base_weight
    answers = cells.answered if base is None else total_by(cells.post_stratum, base * cells.counts, len(cells.caseload))
    known, group = cells.caseload > 0, cells.post_stratum
    counted, population = answers, cells.caseload
    if cells.weighting_group is not None:
        known = known & (cells.weighting_group >= 0)
        group = np.maximum(cells.weighting_group, 0)[cells.post_stratum]
        pooled = cells.weighting_group[known]
        counted, population = (total_by(pooled, column[known], len(known)) for column in (answers, population))
    elif not known.all():
        counted = np.where(known, answers, 0.0)
    used = known[cells.post_stratum] & (cells.responses > 0)
    weight = divide(population, counted, otherwise=0.0)[group]
    weight = weight if base is None else base * weight
    weight = weight if used.all() else np.where(used, weight, 0.0)
    return Weighting(weight, used, base, (Calibration(group, counted),), raked=False, warnings=())


def rake(cells: Cells, margins: Sequence[Margin]) -> Weighting:
    """Post-stratify to each margin in turn until all agree (iterative proportional fitting; R: `rake`).

    Raises StatisticsError `margin_*` when a margin's column or totals are missing, negative, or their sums disagree.
    """
    used = cells.responses > 0
    steps = [_categories(cells, margin, used) for margin in margins]
    _check_same_sum([totals for _, totals in steps])
    counts = cells.counts
    weight = np.ones(len(cells)) if cells.base_weight is None else cells.base_weight
    for _ in range(_MOST_SWEEPS):
        worst = 0.0
        for codes, totals in steps:
            now = total_by(codes, weight * counts, len(totals))
            factor = divide(totals, now, otherwise=1.0)
            weight = weight * factor[codes]
            worst = max(worst, float(np.max(np.abs(factor - 1.0), initial=0.0)))
        if worst <= _TOLERANCE:
            break
    warnings = (warn(CaveatCode.RAKING_NOT_CONVERGED, count=_MOST_SWEEPS),) if worst > 1e-9 else ()
    calibrations = tuple(Calibration(codes, total_by(codes, counts, len(totals))) for codes, totals in steps)
    return Weighting(np.where(used, weight, 0.0), used, cells.base_weight, calibrations, raked=True, warnings=warnings)


def _categories(cells: Cells, margin: Margin, used: Bools) -> tuple[Ints, Floats]:
    """Codes of the cells and the total of each category, checked: every answered category has a positive total."""
    name = margin.name
    if name not in cells.margins:
        raise StatisticsError("margin_column", "Bảng ô số liệu không có cột %(name)s để gia quyền theo.", name=name)
    codes, labels = cells.margins[name]
    if not all(math.isfinite(total) and total >= 0 for total in margin.totals.values()):
        raise StatisticsError("margin_total", "Tổng biên %(name)s phải là số hữu hạn, không âm.", name=name)
    answered = {labels[code] for code in np.unique(codes[used]).tolist()}
    for label in sorted(answered):
        if not margin.totals.get(label):
            raise StatisticsError(
                "margin_category",
                "Loại %(label)s của cột %(name)s có lượt đánh giá nhưng không có tổng (hoặc tổng bằng 0).",
                name=name,
                label=label,
            )
    for label, total in margin.totals.items():
        if total > 0 and label not in answered:
            raise StatisticsError(
                "margin_silent",
                "Loại %(label)s của cột %(name)s không có lượt đánh giá nào; hãy gộp nó với loại khác.",
                name=name,
                label=label,
            )
    return codes, np.array([float(margin.totals.get(label, 0.0)) for label in labels])


def _check_same_sum(totals: Sequence[Floats]) -> None:
    sums = [float(total.sum()) for total in totals]
    if sums and max(sums) - min(sums) > 1e-9 * max(sums):
        raise StatisticsError(
            "margin_sums",
            "Các tổng biên có tổng khác nhau (%(low)s và %(high)s); chúng phải mô tả cùng một tổng thể.",
            low=f"{min(sums):g}",
            high=f"{max(sums):g}",
        )
