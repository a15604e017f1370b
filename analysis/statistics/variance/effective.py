"""The guarded effective sample size and the beta bounds it gives.

n_eff follows Korn & Graubard (Survey Methodology 24, 1998) with a third, answer-free term and, where PSUs are known,
with the degrees of freedom and bias that V has under the working model (`working_model`); the bounds are
Clopper-Pearson's with a real-valued sample size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from analysis.statistics.cells.grouping import Floats, divide

_ROUNDING = 1e-12
ALPHA = 0.05
TAIL = 0.025


@dataclass(slots=True)
class Interval:
    """A two-sided interval, e.g. level 0.95; 0 <= low <= high <= 1.

    Like the other results made by the thousand it is not frozen: that would take nine times as long to build.
    """

    level: float
    low: float
    high: float


def effective_sample_size(*, n: Floats, p: Floats, variance: Floats, design_based: Floats) -> Floats:
    """Where no PSU is known: min(n, s^2/V, third term), (D,), s^2 = n/(n-1) p(1-p); NaN where undefined.

    `design_based` is the third term, 1 / sum (w/W)^2 n (1-f). V = 0 makes the second infinite.
    """
    second = np.where(variance > 0, divide(_spread(n, p), variance, otherwise=np.inf), np.inf)
    return _smallest(n, p, second, design_based)


def clustered_sample_size(
    *,
    n: Floats,
    p: Floats,
    variance: Floats,
    design_based: Floats,
    df: Floats,
    bias: Floats,
    alike: Floats,
    tail: float | Floats = TAIL,
) -> Floats:
    """Where some PSU is known: min(n, tau/r*, third term), (D,); NaN where undefined.

    With tau = (t_.975,n-1 / t_.975,df)^2 on the effective degrees of freedom `df`, and r* the relative variance
    r = `bias` V / s^2, drawn towards that of the working model (`alike`, Gamma) where the model's is larger. It is
    drawn the more, the fewer the degrees of freedom and the nearer p to 0 or 1: a handful of days often shows none of
    the bad ones. V = 0: tau = 1 and r* = Gamma. Undefined where V > 0 while `df` is, or `bias` is not finite.

    `tail`: the one-sided level of tau's quantiles, 0-1; figures have that of their own 95 % interval. Few degrees of
    freedom weigh the heavier the further out a bound is asked for, as among many comparisons.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = bias * variance / _spread(n, p)
        skew = (1 - 2 * p) ** 2
        drawn = skew / (skew + 2 * p * (1 - p) * df)
        relative = relative + drawn * np.maximum(0.0, alike - relative)
        second = np.where(np.isfinite(bias), _t_ratio(n, df, tail) / relative, np.nan)
        second = np.where(variance > 0, second, 1 / alike)
    return _smallest(n, p, second, design_based)


def _spread(n: Floats, p: Floats) -> Floats:
    """s^2, the variance of one answer; NaN of a single one."""
    return np.asarray(divide(n, n - 1) * p * (1 - p))


def _smallest(n: Floats, p: Floats, second: Floats, design_based: Floats) -> Floats:
    result = np.minimum(np.minimum(n, second), design_based)
    # Equal weights make the third term n up to rounding; 30 answers must not count as 29.999999999999996.
    result = np.where(result > n * (1 - _ROUNDING), n, result)
    return np.where((n > 1) & np.isfinite(p) & ~np.isnan(second), result, np.nan)


def at_least(size: Any, fewest: Any) -> Any:
    """size >= fewest, forgiving the rounding of a sum of weights; element by element for arrays."""
    return size >= fewest * (1 - _ROUNDING)


def at_most(size: Any, most: Any) -> Any:
    """size <= most, forgiving rounding as `at_least` does."""
    return size <= most * (1 + _ROUNDING)


def _t_ratio(n: Floats, df: Floats, tail: float | Floats) -> Floats:
    defined = (df > 0) & (n > 1)
    safe_n, safe_df = np.where(defined, n - 1, 1.0), np.where(defined, df, 1.0)
    ratio = (scipy.special.stdtrit(safe_n, 1 - tail) / scipy.special.stdtrit(safe_df, 1 - tail)) ** 2
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
