"""Design effects, and the part of n_eff that does not depend on the answers."""

from __future__ import annotations

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.design import Design
from analysis.statistics.grouping import Floats, compress_pairs, divide, total_by, where
from analysis.statistics.linear import DomainSums
from analysis.statistics.weights import Weighting

ALIKE = 0.10


def design_effects(cells: Cells, weighting: Weighting, sums: DomainSums, variance: Floats) -> tuple[Floats, Floats]:
    """(deff, Kish deff), (D,), NaN where undefined.

    deff = V / [s2 (W-n)/(W n)], s2 = n/(n-1) p(1-p) (for a mean or a pooled ratio: of its residuals); R: deff=TRUE.
    Kish = n sum w^2 n / (sum w n)^2.
    """
    n, weights = sums.responses.astype(np.float64), sums.weights
    spread = _spread(cells, weighting, sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = n / (n - 1) * spread * (weights - n) / (weights * n)
        deff = np.where((n > 1) & (simple > 0) & (weights > n), variance / simple, np.nan)
        kish = np.where(weights > 0, n * _squared_weights(cells, weighting) / weights**2, np.nan)
    return deff, kish


def design_based_size(cells: Cells, weighting: Weighting, design: Design, weights: Floats) -> Floats:
    """1 / sum (w_k/W)^2 n_k (1 - f), (D,); a design stratum with a single PSU enters as one answer, (W_a/W)^2.

    Without that, one counter-day of 200 alike answers would count as 200 (28-42 % false verdicts).
    """
    size = len(cells.domain_labels)
    rows = where(design.used & cells.reported)
    domain, stratum, weight = cells.domain[rows], design.stratum[rows], weighting.weight[rows]
    squares = weight**2 * cells.responses[rows]
    if not design.fraction.any() and not (design.units == 1).any():
        return divide(weights**2, total_by(domain, squares, size), otherwise=np.inf)
    lonely = (design.units == 1)[stratum]
    parts = np.where(lonely, 0.0, squares * (1 - design.fraction[stratum]))
    total = total_by(domain, parts, size)
    alone = np.flatnonzero(lonely)
    key, pairs, first = compress_pairs(domain[alone], stratum[alone])
    mass = total_by(key, weight[alone] * cells.responses[rows][alone], pairs)
    together = mass**2 * (1 - design.fraction[stratum[alone[first]]])
    total += total_by(domain[alone[first]], together, size)
    return divide(weights**2, total, otherwise=np.inf)


def alike_days_size(cells: Cells, weighting: Weighting, design: Design, weights: Floats) -> Floats:
    """What the answers are worth if those of one counter-day correlate by 0.10, (D,); NaN without counter-days.

    1 / sum_c [0.10 u_c^2 + 0.90 sum_{k in c} (w_k/W)^2 n_k], u_c = sum_{k in c} w_k n_k / W: the model-based effective
    size (Kish, Survey Sampling, 1965, ch. 5), free of the answers. `judge` asks it before a "met" above 80 %.
    """
    size = len(cells.domain_labels)
    if not cells.has_psu:
        return np.full(size, np.nan)
    rows = where(design.used & cells.reported)
    domain, psu, weight, n = cells.domain[rows], design.psu[rows], weighting.weight[rows], cells.responses[rows]
    inside = np.flatnonzero(psu >= 0)
    key, pairs, first = compress_pairs(domain[inside], psu[inside])
    mass = total_by(key, (weight * n)[inside], pairs)
    alone = np.where(psu >= 0, 1 - ALIKE, 1.0) * weight**2 * n
    total = total_by(domain, alone, size) + ALIKE * total_by(domain[inside[first]], mass**2, size)
    return divide(weights**2, total, otherwise=np.nan)


def _spread(cells: Cells, weighting: Weighting, sums: DomainSums) -> Floats:
    """Weighted mean square of (z - R a) over the squared mean of a; p(1-p) for top2."""
    if cells.ratio is None:
        return sums.ratio * (1 - sums.ratio)
    rows = where(weighting.used & cells.reported)
    domain = cells.domain[rows]
    own_ratio = np.zeros(len(cells))
    own_ratio[rows] = sums.ratio[domain]
    residual = cells.ratio.numerator / cells.ratio.scale - own_ratio * cells.ratio.denominator
    squares = cells.ratio.residual_squares(cells.responses, own_ratio) + residual**2 / np.maximum(cells.responses, 1)
    size = len(cells.domain_labels)
    total = total_by(domain, weighting.weight[rows] * squares[rows], size)
    return divide(total * sums.weights, sums.denominator**2)


def _squared_weights(cells: Cells, weighting: Weighting) -> Floats:
    rows = where(weighting.used & cells.reported)
    squares = weighting.weight[rows] ** 2 * cells.responses[rows]
    return total_by(cells.domain[rows], squares, len(cells.domain_labels))
