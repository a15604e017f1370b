"""Many units at once: false discoveries among verdicts, and ranks that admit what they do not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from analysis.statistics.cells.grouping import Bools, Floats, divide
from analysis.statistics.domains import DomainEstimate
from analysis.statistics.problems import StatisticsError
from analysis.statistics.variance.effective import clustered_sample_size, lower_bound, upper_bound
from analysis.statistics.verdicts.sufficiency import sufficient
from analysis.statistics.verdicts.verdict import Evidence, Verdict

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
    """Rank intervals by Student's t, of K estimates, (K,) with covariance (K, K): Holm over all K(K-1) ordered pairs.

    Pair (i, j) asks whether i is better than j: T = (p_i - p_j) / sqrt(V_i + V_j - 2 C_ij), one-sided, against
    Student's t at the pair's Welch degrees of freedom (V_i + V_j)^2 / (V_i^2/df_i + V_j^2/df_j); `df` (K,) or one.
    What readers are told is `rank`. Raises StatisticsError `ranks` for shapes that differ or numbers that are not
    finite.
    """
    p, c = np.asarray(estimates, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    degrees = np.broadcast_to(np.asarray(df, dtype=np.float64), p.shape)
    if c.shape != (len(p), len(p)) or not (bool(np.all(np.isfinite(p))) and bool(np.all(np.isfinite(c)))):
        raise StatisticsError("ranks", "Cần ước lượng và ma trận hiệp phương sai hữu hạn, cùng cỡ, để xếp hạng.")
    values = _student_p(p, c, degrees)
    return _intervals(_holm(lambda alpha: values <= alpha, len(p), level))


def rank(
    estimates: Sequence[DomainEstimate], covariance: ArrayLike, *, level: float = 0.05
) -> list[RankInterval | None]:
    """Rank intervals of domains; None for those that are not `sufficient`, which leave the family.

    All intervals hold at once with probability 1 - level (Holm 1979, over all ordered pairs); reading ranks off the
    rejected pairs is our own variant of closed testing, a simpler and wider one than Al Mohamad, Goeman & van Zwet's
    (2019). Unit i is better than j where the interval of their difference, joined from their own beta bounds as in
    `changes`, leaves 0 out at the level Holm allows; tau of n_eff is taken at that level, too. By Student's t a small
    unit near 100 % that happened to meet few of the dissatisfied was "better" than a large one of the same truth in up
    to 37 % of families (docs/statistics.md, "How often ranks are wrong").
    """
    chosen = [i for i, estimate in enumerate(estimates) if sufficient(estimate)]
    units = [estimates[i] for i in chosen]
    c = np.asarray(covariance, dtype=np.float64)[np.ix_(chosen, chosen)]
    errors = np.sqrt(np.diag(c))
    alike = np.clip(divide(c, np.outer(errors, errors), otherwise=0.0), -1.0, 1.0)
    p = _column(units, "estimate")

    def better(alpha: float) -> Bools:
        n_eff = _sizes_at(units, alpha)
        down, up = p - lower_bound(p, n_eff, alpha), upper_bound(p, n_eff, alpha) - p
        squares = down[:, None] ** 2 + up[None, :] ** 2 - 2 * alike * np.outer(down, up)
        return np.asarray(p[:, None] - p[None, :] > np.sqrt(np.maximum(squares, 0.0)))

    result: list[RankInterval | None] = [None] * len(estimates)
    for i, interval in zip(chosen, _intervals(_holm(better, len(chosen), level)), strict=True):
        result[i] = interval
    return result


def _holm(rejected_at: Callable[[float], Bools], size: int, level: float) -> Bools:
    """(K, K): row better than column, step down: what is rejected lets the rest be asked at a larger alpha."""
    better = np.zeros((size, size), dtype=bool)
    while size > 1:
        again = rejected_at(level / (size * (size - 1) - int(better.sum())))
        np.fill_diagonal(again, val=False)
        if again.sum() <= better.sum():
            break
        better = again
    return better


def _intervals(better: Bools) -> list[RankInterval]:
    worse_than, better_than = better.sum(axis=0), better.sum(axis=1)
    return [RankInterval(1 + int(a), len(better) - int(b)) for a, b in zip(worse_than, better_than, strict=True)]


def _column(units: Sequence[DomainEstimate], name: str) -> Floats:
    return np.array([getattr(unit, name) for unit in units], dtype=np.float64)


def _sizes_at(units: Sequence[DomainEstimate], alpha: float) -> Floats:
    """(K,) n_eff of each unit for bounds at one-sided `alpha`.

    The same at every level without sampling units, and where all answers are alike: no variance was estimated then.
    """
    sizes, p = _column(units, "n_eff"), _column(units, "estimate")
    size_at = clustered_sample_size(
        n=_column(units, "n"),
        p=p,
        variance=_column(units, "variance"),
        design_based=_column(units, "design_based_size"),
        df=_column(units, "df_effective"),
        bias=_column(units, "kappa"),
        alike=_column(units, "model_total"),
        tail=alpha,
    )
    estimated = np.array([unit.clustered for unit in units], dtype=bool) & (p > 0) & (p < 1)
    return np.where(estimated, np.minimum(size_at, sizes), sizes)


def _student_p(p: Floats, c: Floats, df: Floats) -> Floats:
    """(K, K): the chance of row so far above column, were they equal."""
    own = np.diag(c)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (p[:, None] - p[None, :]) / np.sqrt(np.maximum(own[:, None] + own[None, :] - 2 * c, 0.0))
        welch = (own[:, None] + own[None, :]) ** 2 / ((own**2 / df)[:, None] + (own**2 / df)[None, :])
    degrees = np.where(np.isnan(welch), np.inf, welch)
    return _upper_tail(np.nan_to_num(t, nan=0.0), degrees)


def _upper_tail(t: Floats, df: Floats) -> Floats:
    """P(T > t) of Student's t; the normal one at infinite df."""
    infinite = np.isinf(df)
    student = scipy.special.stdtr(np.where(infinite, 1.0, df), -t)
    return np.where(infinite, scipy.special.ndtr(-t), student)
