"""Design effects, and the part of n_eff that does not depend on the answers."""

from __future__ import annotations

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Floats, compress_pairs, divide, total_by
from analysis.statistics.variance.design import Design
from analysis.statistics.variance.effective import at_least
from analysis.statistics.variance.linear import DomainSums
from analysis.statistics.variance.sample import Sample


def design_effects(cells: Cells, sample: Sample, sums: DomainSums, variance: Floats) -> tuple[Floats, Floats]:
    """(deff, Kish deff), (D,), NaN where undefined.

    deff = V / [s2 (W-n)/(W n)], s2 = n/(n-1) p(1-p) (for a mean or a pooled ratio: of its residuals); R: deff=TRUE.
    Kish = n sum w^2 n / (sum w n)^2.
    """
    n, weights = sums.responses.astype(np.float64), sums.weights
    spread = _spread(cells, sample, sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = n / (n - 1) * spread * (weights - n) / (weights * n)
        deff = np.where((n > 1) & (simple > 0) & ~at_least(n, weights), variance / simple, np.nan)
        kish = np.where(weights > 0, n * sums.squared_weights / weights**2, np.nan)
    return deff, kish


def design_based_size(sample: Sample, design: Design, sums: DomainSums) -> Floats:
    """1 / sum (w_k/W)^2 n_k (1 - f), (D,); a design stratum with a single PSU enters as one answer, (W_a/W)^2.

    Without that, one day of 200 alike answers would count as 200 (28-42 % false verdicts).
    """
    total = sums.squared_weights
    if design.fraction.any() or (design.units == 1).any():
        total = _corrected(sample, design)
    return divide(sums.weights**2, total, otherwise=np.inf)


def _corrected(sample: Sample, design: Design) -> Floats:
    """sum w^2 n (1 - f) with the single PSUs as one answer each, (D,)."""
    lonely = (design.units == 1)[sample.stratum]
    each = sample.weight * sample.mass * (1 - design.fraction[sample.stratum])
    total = sample.total(np.where(lonely, 0.0, each))
    domain, stratum, mass = sample.domain[lonely], sample.stratum[lonely], sample.mass[lonely]
    key, pairs, first = compress_pairs(domain, stratum)
    together = total_by(key, mass, pairs) ** 2 * (1 - design.fraction[stratum[first]])
    return total + total_by(domain[first], together, sample.domains)


def _spread(cells: Cells, sample: Sample, sums: DomainSums) -> Floats:
    """Weighted mean square of (z - R a) over the squared mean of a; p(1-p) for top2."""
    if cells.ratio is None:
        return sums.ratio * (1 - sums.ratio)
    own_ratio = np.zeros(len(cells))
    own_ratio[sample.rows] = sums.ratio[sample.domain]
    residual = cells.ratio.numerator / cells.ratio.scale - own_ratio * cells.ratio.denominator
    squares = cells.ratio.residual_squares(cells.responses, own_ratio) + residual**2 / np.maximum(cells.responses, 1)
    return divide(sample.total(sample.weight * squares[sample.rows]) * sums.weights, sums.denominator**2)
