"""Linearised values of the domain ratios, kept sparse: (domain, cell, Z) triples.

Source: Taylor linearisation as in R's `survey` (Lumley, Complex Surveys, 2010, ch. 2 and 7; Binder 1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Bools, Floats, Ints, compress, divide, total_by
from analysis.statistics.cells.weights import Calibration, Weighting
from analysis.statistics.variance.design import Design
from analysis.statistics.variance.sample import Sample, sample_at


@dataclass(frozen=True, eq=False)
class DomainSums:
    """Sums of each domain, all (D,): `denominator` sum w a, `weights` sum w n, `squared_weights` sum w^2 n and
    `responses`, the plain count behind them. `ratio` = sum w z / sum w a is NaN where the denominator is 0."""

    denominator: Floats
    weights: Floats
    squared_weights: Floats
    responses: Ints
    ratio: Floats


@dataclass(frozen=True, eq=False)
class Linearised:
    """Z_k = `value` / A_d of P triples, whose domain and cell are those of `sample`.

    `sample` is the estimate's, with the cells of other domains behind it where weights tie them together; a triple may
    stand for all cells of its PSU. `within` (L,) is Q A_d^2, Q the own sum of squares of each triple without a
    PSU (`Sample.loose`), and `scale` (D,) is 1 / A_d, 0 where A_d is 0.
    """

    sample: Sample
    value: Floats
    within: Floats
    scale: Floats


def domain_sums(cells: Cells, sample: Sample) -> DomainSums:
    """p_d = sum w z / sum w a over the sample's cells of each domain."""
    weights = sample.total(sample.mass)
    if cells.ratio is None:
        numerator, denominator = sample.total(sample.weight * sample.satisfied), weights
    else:
        z, a = cells.ratio.numerator[sample.rows] / cells.ratio.scale, cells.ratio.denominator[sample.rows]
        numerator, denominator = sample.total(sample.weight * z), sample.total(sample.weight * a)
    return DomainSums(
        denominator=denominator,
        weights=weights,
        squared_weights=sample.total(sample.weight * sample.mass),
        responses=sample.answers.astype(np.int64),
        ratio=divide(numerator, denominator),
    )


def linearise(
    cells: Cells, weighting: Weighting, design: Design, sample: Sample, sums: DomainSums, *, adjust: bool
) -> Linearised:
    """Z_k = (w_k / A_d) e_k, e_k = z_k - R_d a_k inside the domain, then adjusted for each calibration if `adjust`.

    Post-stratified: e_k <- e_k - n_k [sum_g b e] / [sum_g b n]. Raked: each margin in turn, ten sweeps of the same with
    the sums unweighted, as R's `svyrecvar` does.
    """
    ratio = np.where(sums.denominator > 0, sums.ratio, 0.0)[sample.domain]
    if cells.ratio is None:
        residual = sample.satisfied - sample.responses * ratio
    else:
        z, a = cells.ratio.numerator[sample.rows] / cells.ratio.scale, cells.ratio.denominator[sample.rows]
        residual = z - ratio * a
    within = _within(cells, sample, ratio)
    if adjust and weighting.raked:
        sample, value, within = _adjust_raked(cells, weighting, design, sample, residual, within)
    elif adjust:
        sample, value, within = _adjust_post_stratified(cells, weighting, design, sample, residual, within)
    else:
        value = sample.weight * residual
    return Linearised(sample, value, within, divide(np.ones(sample.domains), sums.denominator, otherwise=0.0))


def _within(cells: Cells, sample: Sample, ratio: Floats) -> Floats:
    """w^2 sum (z - R a)^2 about the cell's mean."""
    loose = sample.loose
    if cells.ratio is None:
        n, s = sample.responses[loose], sample.satisfied[loose]
        squares = s * (n - s) / n
    else:
        own_ratio = np.zeros(len(cells))
        own_ratio[sample.rows] = ratio
        squares = cells.ratio.residual_squares(cells.responses, own_ratio)[sample.rows][loose]
    return squares * sample.weight[loose] ** 2


def _adjust_post_stratified(
    cells: Cells, weighting: Weighting, design: Design, sample: Sample, residual: Floats, within: Floats
) -> tuple[Sample, Floats, Floats]:
    (calibration,) = weighting.calibrations
    key, pairs, first = sample.by_group
    group = sample.group[first]
    based = residual if weighting.base is None else weighting.base[sample.rows] * residual
    mean = total_by(key, based, pairs) / calibration.counted[group]
    own = sample.weight * (residual - sample.responses * mean[key])
    if sample.complete and pairs == np.count_nonzero(calibration.counted):
        return sample, own, within
    spilled = _spilled(cells, weighting, design, _Pairs(sample.domain[first], group, mean))
    cell = np.concatenate([np.arange(len(cells))[sample.rows], *(triples.cell for triples in spilled)])
    domain = np.concatenate([sample.domain, *(triples.domain for triples in spilled)])
    value = np.concatenate([own, *(triples.value for triples in spilled)])
    tied = sample_at(cells, weighting, design, cell, domain)
    return tied, value, np.pad(within, (0, len(cell[tied.loose]) - len(within)))


class _Pairs(NamedTuple):
    """(domain, group) pairs and what each of the group's answers takes off the domain, all (R,)."""

    domain: Ints
    group: Ints
    mean: Floats


class _Triples(NamedTuple):
    domain: Ints
    cell: Ints
    value: Floats


def _spilled(cells: Cells, weighting: Weighting, design: Design, pairs: _Pairs) -> list[_Triples]:
    """What groups that cross domains take off each domain in their cells outside it.

    Summed to PSUs at once, each at one of its cells: nothing asks which cell of a PSU it came from.
    """
    (calibration,) = weighting.calibrations
    shared = _shared(cells, weighting, calibration)
    cell = np.flatnonzero(weighting.used & shared[calibration.category])
    group, domain = calibration.category[cell], cells.domain[cell]
    mass = weighting.weight[cell] * cells.responses[cell]
    psu = design.psu[cell]
    loose, clustered = np.flatnonzero(psu < 0), np.flatnonzero(psu >= 0)
    day, days, first = compress(psu[clustered])
    triples = []
    for domain_code in np.unique(pairs.domain[shared[pairs.group]]).tolist():
        mine = pairs.domain == domain_code
        mean = np.zeros(len(calibration.counted))
        mean[pairs.group[mine]] = pairs.mean[mine]
        value = np.where(domain == domain_code, 0.0, -mass * mean[group])
        outside = loose[domain[loose] != domain_code]
        at = cell[np.concatenate([outside, clustered[first]])]
        total = np.concatenate([value[outside], total_by(day, value[clustered], days)])
        triples.append(_Triples(np.full(len(at), domain_code, dtype=np.int64), at, total))
    return triples


def _shared(cells: Cells, weighting: Weighting, calibration: Calibration) -> Bools:
    """Groups with used cells in several domains."""
    group, domain = calibration.category[weighting.used], cells.domain[weighting.used]
    home = np.zeros(len(calibration.counted), dtype=np.int64)
    home[group] = domain
    shared = np.zeros(len(calibration.counted), dtype=bool)
    shared[group[domain != home[group]]] = True
    return shared


def _adjust_raked(
    cells: Cells, weighting: Weighting, design: Design, sample: Sample, residual: Floats, within: Floats
) -> tuple[Sample, Floats, Floats]:
    """Raking ties every cell to every domain, so the triples become a full (D, K) table."""
    used = np.flatnonzero(weighting.used)
    position = np.zeros(len(cells), dtype=np.int64)
    position[used] = np.arange(len(used))
    own = position[sample.rows]
    table, spread = np.zeros((2, sample.domains, len(used)))
    table[sample.domain, own] = residual
    spread[sample.domain[sample.loose], own[sample.loose]] = within
    for _ in range(10):
        for calibration in weighting.calibrations:
            table = _remove_means(table, cells.counts[used], calibration.category[used], calibration.counted)
    domain = np.repeat(np.arange(sample.domains), len(used))
    tied = sample_at(cells, weighting, design, np.tile(used, sample.domains), domain)
    return tied, (table * weighting.weight[used]).ravel(), spread.ravel()[tied.loose]


def _remove_means(table: Floats, n: Floats, codes: Ints, counted: Floats) -> Floats:
    adjusted = np.empty_like(table)
    for row, residuals in enumerate(table):
        mean = divide(total_by(codes, residuals, len(counted)), counted, otherwise=0.0)
        adjusted[row] = residuals - n * mean[codes]
    return adjusted
