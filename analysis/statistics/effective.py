"""The guarded effective sample size and the beta bounds it gives.

n_eff follows Korn & Graubard (Survey Methodology 24, 1998) with a third, answer-free term; the bounds are
Clopper-Pearson's with a real-valued sample size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from analysis.statistics.grouping import Floats

_ROUNDING = 1e-12
ALPHA = 0.05


@dataclass(slots=True)
class Interval:
    """A two-sided interval, e.g. level 0.95; 0 <= low <= high <= 1.

    Like the other results made by the thousand it is not frozen: that would take nine times as long to build.
    """

    level: float
    low: float
    high: float


def effective_sample_size(
    *, n: Floats, p: Floats, variance: Floats, design_based: Floats, df: Floats, clustered: bool
) -> Floats:
    """min(n, p(1-p)/V, 1 / sum (w/W)^2 n (1-f)), (D,), NaN where undefined.

    `design_based` is the third term. With PSUs the second is multiplied by (t_.975,n-1 / t_.975,df)^2, and is undefined
    when V > 0 while df <= 0; V = 0 makes it infinite.
    """
    positive = variance > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        second = np.where(positive, p * (1 - p) / variance, np.inf)
    if clustered:
        second = np.where(positive, second * _t_ratio(n, df), second)
    result = np.minimum(np.minimum(n, second), design_based)
    # Equal weights make the third term n up to rounding; 30 answers must not count as 29.999999999999996.
    result = np.where(result > n * (1 - _ROUNDING), n, result)
    return np.where((n > 0) & np.isfinite(p) & ~np.isnan(second), result, np.nan)


def at_least(size: Any, fewest: Any) -> Any:
    """size >= fewest, forgiving the rounding of a sum of weights; element by element for arrays."""
    return size >= fewest * (1 - _ROUNDING)


def _t_ratio(n: Floats, df: Floats) -> Floats:
    defined = (df > 0) & (n > 1)
    safe_n, safe_df = np.where(defined, n - 1, 1.0), np.where(defined, df, 1.0)
    ratio = (scipy.special.stdtrit(safe_n, 0.975) / scipy.special.stdtrit(safe_df, 0.975)) ** 2
    return np.where(defined, ratio, np.nan)


def lower_bound(p: Any, n_eff: Any, alpha: float) -> Any:
    """BetaInv(alpha; n_eff p, n_eff (1-p) + 1); 0 at p = 0."""
    inside = np.asarray(p) > 0
    value = scipy.special.betaincinv(np.where(inside, n_eff * p, 1.0), n_eff * (1 - p) + 1, alpha)
    return np.where(inside | np.isnan(p), value, 0.0)


def upper_bound(p: Any, n_eff: Any, alpha: float) -> Any:
    """BetaInv(1 - alpha; n_eff p + 1, n_eff (1-p)); 1 at p = 1."""
    inside = np.asarray(p) < 1
    value = scipy.special.betaincinv(n_eff * p + 1, np.where(inside, n_eff * (1 - p), 1.0), 1 - alpha)
    return np.where(inside | np.isnan(p), value, 1.0)


def p_above(p: Any, n_eff: Any, threshold: float) -> Any:
    """I_t(n_eff p, n_eff (1-p) + 1): how surprising an estimate this high would be if the truth were t; 1 at p = 0."""
    inside = np.asarray(p) > 0
    value = scipy.special.betainc(np.where(inside, n_eff * p, 1.0), n_eff * (1 - p) + 1, threshold)
    return np.where(inside | np.isnan(p), value, 1.0)


def p_below(p: Any, n_eff: Any, threshold: float) -> Any:
    """1 - I_t(n_eff p + 1, n_eff (1-p)); 1 at p = 1."""
    inside = np.asarray(p) < 1
    # The same as 1 - I_t(a, b), without the subtraction; scipy's own complement is eight times slower.
    value = scipy.special.betainc(np.where(inside, n_eff * (1 - p), 1.0), n_eff * p + 1, 1 - threshold)
    return np.where(inside | np.isnan(p), value, 1.0)
