"""Laney's p' chart: has a month's unweighted share moved more than months usually do?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.cells.grouping import Floats
from analysis.statistics.problems import StatisticsError

_D2 = 1.128
"""Mean range of two standard normal values."""


@dataclass(frozen=True, eq=False)
class ControlChart:
    """`centre` = sum s / sum n; per month, (T,): share, z = (share - centre)/sigma_t and limits, NaN where n = 0.

    `sigma_z` = mean |z_t - z_(t-1)| / 1.128 (None under two months); `signals` marks months outside the limits.
    """

    centre: float
    sigma_z: float
    share: Floats
    z: Floats
    lower: Floats
    upper: Floats

    @property
    def signals(self) -> list[bool]:
        """(T,) whether a month's share lies outside its limits."""
        return [bool(value) for value in (self.share < self.lower) | (self.share > self.upper)]


def laney_p_prime(n: ArrayLike, satisfied: ArrayLike) -> ControlChart | None:
    """Laney, Quality Engineering 14 (2002): limits centre ± 3 sigma_t sigma_z, sigma_t = sqrt(centre (1-centre)/n_t).

    `n`, `satisfied` (T,), in order of time. Months without responses have no point. None when fewer than two months
    have responses, or all answers are alike (nothing varies). Raises StatisticsError `chart` unless 0 <= s <= n.
    """
    counts, hits = np.asarray(n, dtype=np.float64), np.asarray(satisfied, dtype=np.float64)
    valid = counts.shape == hits.shape and bool(np.all((hits >= 0) & (hits <= counts)))
    if not valid:
        raise StatisticsError("chart", "Số lượt hài lòng từng kỳ phải từ 0 đến số lượt đánh giá của kỳ đó.")
    present = counts > 0
    centre = float(hits.sum() / counts.sum()) if present.any() else 0.0
    if present.sum() < 2 or not 0 < centre < 1:
        return None
    some = np.where(present, counts, np.nan)
    share = hits / some
    sigma = np.sqrt(centre * (1 - centre) / some)
    z = (share - centre) / sigma
    sigma_z = float(np.abs(np.diff(z[present])).mean() / _D2)
    margin = 3 * sigma * sigma_z
    return ControlChart(centre, sigma_z, share, z, np.maximum(centre - margin, 0.0), np.minimum(centre + margin, 1.0))
