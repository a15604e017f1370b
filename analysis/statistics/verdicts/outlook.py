"""The chance that a year's figure will pass its target, from the months so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from analysis.statistics.problems import StatisticsError

FEWEST_MONTHS = 3


@dataclass(frozen=True)
class Outlook:
    """`expected` year's share 0-1 and the `chance` 0-1 that it passes; `needed`: mean share the months left must reach.

    `needed` is None when no month is left; it may lie below 0 (cannot fail) or above 1 (cannot pass).
    """

    expected: float
    chance: float
    needed: float | None


def chance_of_passing(
    shares: Sequence[float], variances: ArrayLike, caseload: Sequence[float], left: Sequence[float], threshold: float
) -> Outlook | None:
    """Will the caseload-weighted mean of the year's months lie above `threshold`?

    Assumption, to be stated beside the number: the months left are drawn from the same distribution as the months so
    far - no trend, no season, nothing new begins - normal, with the caseloads given. Then the mean of the months left
    is predicted with Student's t on (months - 1) degrees of freedom, the level's own uncertainty included (Geisser,
    Predictive Inference, 1993, ch. 2).

    Args:
        shares: (T,) of the months so far, 0-1.
        variances: (T,) of their estimates; months never vary less than these say, however alike they happen to be.
        caseload: (T,) of those months, > 0.
        left: caseloads of the months left; may be empty.
        threshold: 0-1.

    Returns:
        None with fewer than 3 months, or where neither the months nor their variances vary.

    Raises:
        StatisticsError: lengths differ or a number is out of range.
    """
    p, v, n, m = (np.asarray(values, dtype=np.float64) for values in (shares, variances, caseload, left))
    if not p.shape == v.shape == n.shape or bool(np.any(n <= 0)) or bool(np.any(m <= 0)) or bool(np.any(v < 0)):
        raise StatisticsError("outlook", "Mỗi tháng cần một tỷ lệ, một phương sai và một số hồ sơ dương.")
    total = float(n.sum() + m.sum())
    if len(p) < FEWEST_MONTHS:
        return None
    mean = float(n @ p / n.sum())
    if not m.size:
        return Outlook(mean, 1.0 if mean > threshold else 0.0, None)
    rest = float(m.sum())
    needed = (threshold * total - float(n @ p)) / rest
    spread = max(float(np.var(p, ddof=1)), float(v.mean()))
    error = float(np.sqrt(spread * ((m @ m) / rest**2 + (n @ n) / float(n.sum()) ** 2)))
    if error == 0:
        return None
    return Outlook(mean, float(scipy.special.stdtr(len(p) - 1, (mean - needed) / error)), needed)
