"""Linearised values of the domain ratios, kept sparse: (domain, cell, Z) triples.

Source: Taylor linearisation as in R's `survey` (Lumley, Complex Surveys, 2010, ch. 2 and 7; Binder 1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.grouping import Bools, Floats, Ints, compress, compress_pairs, divide, total_by, where
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
    """Triples (P,): `domain`, `cell` and `value` Z, or a sum of Z over cells of the counter-day of `cell`.

    `within` (K,) is Q, each cell's sum of squares in its domain.
    """

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


def linearise(cells: Cells, weighting: Weighting, psu: Ints, sums: DomainSums, *, adjust: bool) -> Linearised:
    """Z_k = (w_k/A_d)(z_k - R_d a_k) inside the domain, then adjusted for each calibration if `adjust`.

    Post-stratified: Z_k <- Z_k - w_k n_k [sum_g b Z/w] / [sum_g b n]. Raked: each margin in turn, ten sweeps of the
    same with the sums unweighted, as R's `svyrecvar` does. `psu` (K,): codes unique over all strata, -1 = none.
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
        domain, cell, value = _adjust_post_stratified(cells, weighting, psu, domain, cell, value)
    return Linearised(domain, cell, value, within)


def _adjust_post_stratified(
    cells: Cells, weighting: Weighting, psu: Ints, domain: Ints, cell: Ints, value: Floats
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
    spilled = _spilled(cells, weighting, psu, _Pairs(domain[first], pair_group, mean))
    return (
        np.concatenate([domain, *(one.domain for one in spilled)]),
        np.concatenate([cell, *(one.cell for one in spilled)]),
        np.concatenate([own, *(one.value for one in spilled)]),
    )


class _Pairs(NamedTuple):
    """(domain, group) pairs and what each of the group's answers takes off the domain, all (R,)."""

    domain: Ints
    group: Ints
    mean: Floats


class _Triples(NamedTuple):
    domain: Ints
    cell: Ints
    value: Floats


def _spilled(cells: Cells, weighting: Weighting, psu: Ints, pairs: _Pairs) -> list[_Triples]:
    """What groups that cross domains take off each domain in their cells outside it.

    Summed to counter-days at once, each at one of its cells: nothing asks which cell of a counter-day it came from.
    """
    (calibration,) = weighting.calibrations
    shared = _shared(cells, weighting, calibration)
    cell = np.flatnonzero(weighting.used & shared[calibration.category])
    group, domain = calibration.category[cell], cells.domain[cell]
    mass = weighting.weight[cell] * cells.responses[cell]
    loose, clustered = np.flatnonzero(psu[cell] < 0), np.flatnonzero(psu[cell] >= 0)
    day, days, first = compress(psu[cell[clustered]])
    found = []
    for one in np.unique(pairs.domain[shared[pairs.group]]).tolist():
        mine = pairs.domain == one
        mean = np.zeros(calibration.categories)
        mean[pairs.group[mine]] = pairs.mean[mine]
        value = np.where(domain == one, 0.0, -mass * mean[group])
        outside = loose[domain[loose] != one]
        at = cell[np.concatenate([outside, clustered[first]])]
        total = np.concatenate([value[outside], total_by(day, value[clustered], days)])
        found.append(_Triples(np.full(len(at), one, dtype=np.int64), at, total))
    return found


def _shared(cells: Cells, weighting: Weighting, calibration: Calibration) -> Bools:
    """Groups with used cells in several domains."""
    group, domain = calibration.category[weighting.used], cells.domain[weighting.used]
    home = np.zeros(calibration.categories, dtype=np.int64)
    home[group] = domain
    shared = np.zeros(calibration.categories, dtype=bool)
    shared[group[domain != home[group]]] = True
    return shared


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
