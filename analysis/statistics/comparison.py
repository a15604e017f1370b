"""Contrasts and trends of estimates as R's `survey` has them; what readers are told is in `changes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from analysis.statistics.cells.grouping import Floats
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.problems import StatisticsError
from analysis.statistics.variance.effective import Interval

FEWEST_MONTHS = 8


@dataclass(frozen=True)
class Contrast:
    """sum c_i p_i with its standard error; statistic, p and interval are None where the variance is 0 or df <= 0."""

    estimate: float
    standard_error: float
    df: int
    statistic: float | None
    p_two_sided: float | None
    interval: Interval | None


def contrast(
    estimates: ArrayLike, covariance: ArrayLike, coefficients: ArrayLike, *, df: int, level: float = 0.95
) -> Contrast:
    """sum c p, variance c' V c, Student's t on `df`. R: `svycontrast`.

    `estimates`, `coefficients` (k,), `covariance` (k, k); raises StatisticsError `contrast` for other shapes or numbers
    that are not finite.
    """
    p, v, c = (np.asarray(values, dtype=np.float64) for values in (estimates, covariance, coefficients))
    if p.shape != c.shape or v.shape != (len(p), len(p)) or not bool(np.all(np.isfinite(p)) and np.all(np.isfinite(v))):
        raise StatisticsError("contrast", "Các ước lượng để so sánh phải hữu hạn và cùng số lượng với hệ số.")
    estimate, error = float(c @ p), float(np.sqrt(max(float(c @ v @ c), 0.0)))
    if error == 0 or df <= 0:
        return Contrast(estimate, error, df, None, None, None)
    margin = float(scipy.special.stdtrit(df, (1 + level) / 2)) * error
    p_value = float(2 * scipy.special.stdtr(df, -abs(estimate / error)))
    return Contrast(
        estimate, error, df, estimate / error, p_value, Interval(level, estimate - margin, estimate + margin)
    )


def difference(later: DomainEstimate, earlier: DomainEstimate, *, covariance: float = 0.0) -> Contrast | None:
    """later - earlier: d / sqrt(V1 + V2 - 2 Cov); None where one has no estimate.

    Periods are independent (no PSU crosses a month): covariance 0, degrees of freedom add. Two channels or
    kinds answered on the same days are not: give their covariance, and the smaller df is used.
    """
    if later.estimate is None or earlier.estimate is None or later.variance is None or earlier.variance is None:
        return None
    matrix = [[later.variance, covariance], [covariance, earlier.variance]]
    df = min(later.df, earlier.df) if covariance else later.df + earlier.df
    return contrast([later.estimate, earlier.estimate], matrix, [1.0, -1.0], df=df)


def linear_trend(estimates: ArrayLike, covariance: ArrayLike, *, df: int, times: ArrayLike | None = None) -> Contrast:
    """Least-squares slope per step of time as a contrast, with the full covariance of the months.

    c_t = (t - tbar) / sum (t - tbar)^2; `estimates`, `times` (T,), `covariance` (T, T). Raises StatisticsError `trend`
    for fewer than two different times, and what `contrast` raises.
    """
    p = np.asarray(estimates, dtype=np.float64)
    t = np.arange(len(p), dtype=np.float64) if times is None else np.asarray(times, dtype=np.float64)
    centred = t - t.mean() if len(t) else t
    if len(p) < 2 or not bool(centred @ centred > 0):
        raise StatisticsError("trend", "Cần ít nhất hai kỳ khác nhau để tính xu hướng.")
    return contrast(p, covariance, centred / float(centred @ centred), df=df)


@dataclass(frozen=True)
class MannKendall:
    """tau in [-1, 1] and its two-sided p: is there a monotone trend at all?"""

    tau: float
    p_two_sided: float


def mann_kendall(values: Sequence[float]) -> MannKendall | None:
    """Kendall's tau-b of the values against time, from 8 months on (None before, and where all are alike).

    Without ties p is exact: the chance of so few, or so many, discordant pairs among all orders (Mann 1945; Kendall,
    Rank Correlation Methods, 1970). With ties it is the normal one, its variance corrected for them. R:
    `cor.test(method = "kendall")`. Not `scipy.stats`, which loads 46 MB for this alone.
    """
    n = len(values)
    if n < FEWEST_MONTHS:
        return None
    pairs, (later, earlier) = n * (n - 1) // 2, np.tril_indices(n, -1)
    v = np.asarray(values, dtype=np.float64)
    s = int(np.sign(v[later] - v[earlier]).sum())
    ties = np.unique(v, return_counts=True)[1]
    tied = int((ties * (ties - 1)).sum()) // 2
    if tied == pairs:
        return None
    if tied:
        variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
        p = float(2 * scipy.special.ndtr(-abs(s) / np.sqrt(variance)))
    else:
        p = min(1.0, 2 * float(orders_by_inversions(n)[: (pairs - abs(s)) // 2 + 1].sum()))
    return MannKendall(s / float(np.sqrt(pairs * (pairs - tied))), p)


def orders_by_inversions(n: int) -> Floats:
    """The shares (n (n - 1) / 2 + 1,) of all orders of n things with 0, 1, 2 ... pairs out of order."""
    shares = np.ones(1)
    for i in range(2, n + 1):
        shares = np.convolve(shares, np.full(i, 1 / i))
    return shares
