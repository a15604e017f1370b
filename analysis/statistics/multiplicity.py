"""Many units at once: false discoveries among verdicts, and ranks that admit what they do not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from analysis.statistics.domains import DomainEstimate
from analysis.statistics.grouping import Bools, Floats
from analysis.statistics.problems import StatisticsError
from analysis.statistics.sufficiency import sufficient
from analysis.statistics.verdict import Evidence, Verdict

FALSE_DISCOVERIES = 0.05


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p-values of one family (one target x all published units of one report); None stays out of the family.

    Benjamini & Hochberg, JRSS B 57 (1995); R: `p.adjust(p, "BH")`. Declare those at most 0.05. Insufficient units
    are None. Raises StatisticsError `p_value` for a value outside 0-1.
    """
    known = [i for i, value in enumerate(p_values) if value is not None]
    values = np.array([p_values[i] for i in known], dtype=np.float64)
    if not bool(np.all((values >= 0) & (values <= 1))):
        raise StatisticsError("p_value", "Giá trị p phải nằm trong khoảng từ 0 đến 1.")
    order = np.argsort(values, kind="stable")[::-1]
    rank = np.arange(len(values), 0, -1)
    adjusted = np.minimum(1.0, np.minimum.accumulate(values[order] * (len(values) / rank)))
    result: list[float | None] = [None] * len(p_values)
    for position, value in zip(order.tolist(), adjusted.tolist(), strict=True):
        result[known[position]] = value
    return result


def stand_together(verdicts: Sequence[Verdict | None]) -> list[bool | None]:
    """Whether each settled verdict of one family still stands when all its units are judged at once.

    Benjamini-Hochberg at 5 %, separately on the chances above and below. A verdict settled for its unit alone may fall
    (False), an open one never becomes settled: None, as for those that are no part of the family.
    """
    family = [
        judged if judged and judged.evidence not in (None, Evidence.INSUFFICIENT) else None for judged in verdicts
    ]
    above, below = (
        benjamini_hochberg([None if judged is None else getattr(judged, side) for judged in family])
        for side in ("p_above", "p_below")
    )
    sides = {Evidence.MET: above, Evidence.NOT_MET: below}
    return [
        None if judged is None or judged.evidence not in sides else _discovered(sides[judged.evidence][place])
        for place, judged in enumerate(family)
    ]


def _discovered(adjusted: float | None) -> bool:
    return adjusted is not None and adjusted <= FALSE_DISCOVERIES


@dataclass(frozen=True)
class RankInterval:
    """Ranks 1..K that the evidence allows: 1 + units significantly better .. K - units significantly worse."""

    best: int
    worst: int


def rank_sets(
    estimates: ArrayLike, covariance: ArrayLike, *, df: ArrayLike = np.inf, level: float = 0.05
) -> list[RankInterval]:
    """Rank intervals of K estimates, (K,) with covariance (K, K): Holm over all K(K-1) ordered pairs.

    Pair (i, j) asks whether i is better than j: T = (p_i - p_j) / sqrt(V_i + V_j - 2 C_ij), one-sided, against
    Student's t at the pair's Welch degrees of freedom (V_i + V_j)^2 / (V_i^2/df_i + V_j^2/df_j); `df` (K,) or one.
    All intervals hold at once with probability 1 - level (Holm 1979); reading ranks off the rejected pairs is our own
    variant of closed testing, a simpler and wider one than Al Mohamad, Goeman & van Zwet's (2019). Raises
    StatisticsError `ranks` for shapes that differ or numbers that are not finite.
    """
    p, c = np.asarray(estimates, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    degrees = np.broadcast_to(np.asarray(df, dtype=np.float64), p.shape)
    if c.shape != (len(p), len(p)) or not (bool(np.all(np.isfinite(p))) and bool(np.all(np.isfinite(c)))):
        raise StatisticsError("ranks", "Cần ước lượng và ma trận hiệp phương sai hữu hạn, cùng cỡ, để xếp hạng.")
    better = _significantly_better(p, c, degrees, level)
    worse_than, better_than = better.sum(axis=0), better.sum(axis=1)
    return [RankInterval(1 + int(a), len(p) - int(b)) for a, b in zip(worse_than, better_than, strict=True)]


def rank(
    estimates: Sequence[DomainEstimate], covariance: ArrayLike, *, level: float = 0.05
) -> list[RankInterval | None]:
    """Rank intervals of domains; None for those that are not `sufficient`, which leave the family.

    A variance of 0 (everyone satisfied) is replaced by q(1-q)/n_eff with q = (n_eff p + 1)/(n_eff + 2), so that
    unanimity of few is not certainty.
    """
    chosen = [i for i, estimate in enumerate(estimates) if sufficient(estimate)]
    c = np.asarray(covariance, dtype=np.float64)[np.ix_(chosen, chosen)].copy()
    p = np.array([estimates[i].estimate for i in chosen], dtype=np.float64)
    n_eff = np.array([estimates[i].n_eff for i in chosen], dtype=np.float64)
    q = (n_eff * p + 1) / (n_eff + 2)
    diagonal = np.diag(c)
    np.fill_diagonal(c, np.where(diagonal > 0, diagonal, q * (1 - q) / n_eff))
    result: list[RankInterval | None] = [None] * len(estimates)
    df = np.array([estimates[i].degrees for i in chosen], dtype=np.float64)
    for i, interval in zip(chosen, rank_sets(p, c, df=df, level=level), strict=True):
        result[i] = interval
    return result


def _significantly_better(p: Floats, c: Floats, df: Floats, level: float) -> Bools:
    """(K, K): row significantly better than column, by Holm's step-down over the ordered pairs."""
    k = len(p)
    own = np.diag(c)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (p[:, None] - p[None, :]) / np.sqrt(np.maximum(own[:, None] + own[None, :] - 2 * c, 0.0))
        welch = (own[:, None] + own[None, :]) ** 2 / ((own**2 / df)[:, None] + (own**2 / df)[None, :])
    row, column = np.nonzero(~np.eye(k, dtype=bool))
    degrees = np.where(np.isnan(welch), np.inf, welch)[row, column]
    values = _upper_tail(np.nan_to_num(t[row, column], nan=0.0), degrees)
    order = np.argsort(values, kind="stable")
    steps = values[order] * (len(values) - np.arange(len(values)))
    rejected = np.cumprod(steps <= level).astype(bool)
    better = np.zeros((k, k), dtype=bool)
    better[row[order[rejected]], column[order[rejected]]] = True
    return better


def _upper_tail(t: Floats, df: Floats) -> Floats:
    """P(T > t) of Student's t; the normal one at infinite df."""
    infinite = np.isinf(df)
    student = scipy.special.stdtr(np.where(infinite, 1.0, df), -t)
    return np.where(infinite, scipy.special.ndtr(-t), student)
