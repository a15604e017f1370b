"""Linearised values of the domain ratios, kept sparse: (domain, cell, Z) triples.

Source: Taylor linearisation as in R's `survey` (Lumley, Complex Surveys, 2010, ch. 2 and 7; Binder 1983).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.grouping import Floats, Ints, compress_pairs, divide, total_by, where
from analysis.statistics.weights import Calibration, Weighting


@dataclass(frozen=True, eq=False)
class DomainSums:
    """Weighted sums of each domain, all (D,): `numerator` sum w z, `denominator` sum w a, `weights` sum w n, and
    `responses` the plain count behind them. `ratio` is NaN where the denominator is 0."""

    numerator: Floats
    denominator: Floats
    weights: Floats
    responses: Ints
    ratio: Floats


@dataclass(frozen=True, eq=False)
class Linearised:
    """Triples (P,): `domain`, `cell` and `value` Z; `within` (K,) is Q, each cell's sum of squares in its domain."""

    domain: Ints
    cell: Ints
    value: Floats
    within: Floats


def domain_sums(cells: Cells, weighting: Weighting) -> DomainSums:
    """p_d = sum w z / sum w a over the used cells of each domain."""
    size = len(cells.domain_labels)
    inside = where(weighting.used & cells.reported)
    domain, weight = cells.domain[inside], weighting.weight[inside]
    n = cells.responses[inside]
    z: Floats | Ints = cells.satisfied[inside]
    a = n
    if cells.ratio is not None:
        z, a = cells.ratio.numerator[inside] / cells.ratio.scale, cells.ratio.denominator[inside]
    numerator = total_by(domain, weight * z, size)
    denominator = total_by(domain, weight * a, size)
    weights = denominator if cells.ratio is None else total_by(domain, weight * n, size)
    responses = total_by(domain, n, size).astype(np.int64)
    ratio = divide(numerator, denominator)
    return DomainSums(numerator, denominator, weights, responses, ratio)


def linearise(cells: Cells, weighting: Weighting, sums: DomainSums, *, adjust: bool) -> Linearised:
    """Z_k = (w_k/A_d)(z_k - R_d a_k) inside the domain, then adjusted for each calibration if `adjust`.

    Post-stratified: Z_k <- Z_k - w_k n_k [sum_g b Z/w] / [sum_g b n]. Raked: each margin in turn, ten sweeps of the
    same with the sums unweighted, as R's `svyrecvar` does.
    """
    rows = where(weighting.used & cells.reported & (sums.denominator > 0)[cells.domain])
    cell, domain = np.arange(len(cells))[rows], cells.domain[rows]
    ratio = sums.ratio[domain]
    scale = weighting.weight[rows] / sums.denominator[domain]
    within = np.zeros(len(cells))
    if cells.ratio is None:
        n, s = cells.responses[rows], cells.satisfied[rows]
        value = scale * (s - n * ratio)
        within[rows] = scale**2 * (s * (n - s) / n)
    else:
        z = cells.ratio.numerator[rows] / cells.ratio.scale
        value = scale * (z - ratio * cells.ratio.denominator[rows])
        own_ratio = np.zeros(len(cells))
        own_ratio[rows] = ratio
        within[rows] = scale**2 * cells.ratio.residual_squares(cells.responses, own_ratio)[rows]
    if adjust and weighting.raked:
        domain, cell, value = _adjust_raked(cells, weighting, len(cells.domain_labels), domain, cell, value)
    elif adjust:
        domain, cell, value = _adjust_post_stratified(cells, weighting, domain, cell, value)
    return Linearised(domain, cell, value, within)


def _adjust_post_stratified(
    cells: Cells, weighting: Weighting, domain: Ints, cell: Ints, value: Floats
) -> tuple[Ints, Ints, Floats]:
    (calibration,) = weighting.calibrations
    group, used = calibration.category, where(weighting.used)
    rows = where(weighting.used) if len(cell) == np.count_nonzero(weighting.used) else cell
    total = total_by(group[used], (weighting.base * cells.responses)[used], calibration.categories)
    own_group, weight = group[rows], weighting.weight[rows]
    key, pairs, first = compress_pairs(domain, own_group)
    share = total_by(key, weighting.base[rows] * value / weight, pairs)
    pair_group = own_group[first]
    mean = share / total[pair_group]
    own = value - weight * cells.responses[rows] * mean[key]
    if len(cell) == np.count_nonzero(weighting.used) and pairs == np.count_nonzero(total):
        return domain, cell, own
    other_pair, other_cell = _cells_outside(
        group, np.flatnonzero(weighting.used), cells.domain, pair_group, domain[first], calibration.categories
    )
    spilled = -weighting.weight[other_cell] * cells.responses[other_cell] * mean[other_pair]
    return (
        np.concatenate([domain, domain[first][other_pair]]),
        np.concatenate([cell, other_cell]),
        np.concatenate([own, spilled]),
    )


def _cells_outside(
    group: Ints, used: Ints, domain_of: Ints, pair_group: Ints, pair_domain: Ints, categories: int
) -> tuple[Ints, Ints]:
    """For every (domain, group) pair the used cells of the group that lie outside the domain: (pair index, cell)."""
    home = np.zeros(categories, dtype=np.int64)
    home[group[used]] = domain_of[used]
    shared = np.zeros(categories, dtype=bool)
    shared[group[used][domain_of[used] != home[group[used]]]] = True
    crossing = np.flatnonzero(shared[pair_group])
    order = used[np.argsort(group[used], kind="stable")]
    starts = np.searchsorted(group[order], np.arange(categories + 1))
    lengths = (starts[1:] - starts[:-1])[pair_group[crossing]]
    pair = np.repeat(crossing, lengths)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    cell = order[starts[pair_group[pair]] + offset]
    outside = domain_of[cell] != pair_domain[pair]
    return pair[outside], cell[outside]


def _adjust_raked(
    cells: Cells, weighting: Weighting, domains: int, domain: Ints, cell: Ints, value: Floats
) -> tuple[Ints, Ints, Floats]:
    """Raking ties every cell to every domain, so the triples become a full (D, K) table."""
    used = np.flatnonzero(weighting.used)
    position = np.zeros(len(cells), dtype=np.int64)
    position[used] = np.arange(len(used))
    table = np.zeros((domains, len(used)))
    table[domain, position[cell]] = value
    weight, n = weighting.weight[used], cells.responses[used]
    for _ in range(10):
        for calibration in weighting.calibrations:
            table = _remove_means(table, weight, n, calibration, used)
    return np.repeat(np.arange(domains), len(used)), np.tile(used, domains), table.ravel()


def _remove_means(table: Floats, weight: Floats, n: Ints, calibration: Calibration, used: Ints) -> Floats:
    codes = calibration.category[used]
    count = total_by(codes, n, calibration.categories)
    adjusted = np.empty_like(table)
    for row, values in enumerate(table):
        share = total_by(codes, values / weight, calibration.categories)
        mean = divide(share, count, otherwise=0.0)
        adjusted[row] = values - weight * n * mean[codes]
    return adjusted
