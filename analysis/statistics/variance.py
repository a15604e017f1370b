"""Variances and covariances of domain ratios from their linearised values (between PSUs within design strata).

Every sum of squares is centred before squaring; `sum z^2 - (sum z)^2/n` appears nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.design import Design
from analysis.statistics.grouping import Floats, Ints, compress_pairs, total_by, where
from analysis.statistics.linear import Linearised

# Below this a variance is the rounding of an exact zero: with 1e6 answers a real one is about 1e-7.
ROUNDING = 1e-24


@dataclass(frozen=True, eq=False)
class _Units:
    """Triples summed to units: per (domain, PSU) or (domain, loose cell): `size` responses that share `mean`."""

    domain: Ints
    stratum: Ints
    identity: Ints
    mean: Floats
    size: Ints


def variances(cells: Cells, design: Design, linearised: Linearised) -> Floats:
    """V_d, (D,): V = sum_a (1-f) m/(m-1) { sum_c (Z_c - Zbar)^2 + sum_loose [Q + n (Z/n - Zbar)^2] }."""
    domains = len(cells.domain_labels)
    units = _units(cells, design, linearised)
    key, pairs, first = compress_pairs(units.domain, units.stratum)
    stratum, domain = units.stratum[first], units.domain[first]
    total = total_by(key, units.size * units.mean, pairs)
    mean = total / design.units[stratum]
    squares = total_by(key, units.size * (units.mean - mean[key]) ** 2, pairs)
    untouched = design.units[stratum] - total_by(key, units.size, pairs)
    between = design.factor[stratum] * (squares + untouched * mean**2)
    result = total_by(domain, between, domains)
    result += _within(cells, design, linearised)
    return np.where(result < ROUNDING, 0.0, result)


def covariances(cells: Cells, design: Design, linearised: Linearised) -> Floats:
    """(D, D): the same with products; Q enters the diagonal only. Strata are visited one by one."""
    units = _units(cells, design, linearised)
    result = np.diag(_within(cells, design, linearised))
    order = np.argsort(units.stratum, kind="stable")
    bounds = np.searchsorted(units.stratum[order], np.arange(len(design.units) + 1))
    for a in np.flatnonzero((bounds[1:] > bounds[:-1]) & (design.factor > 0)):
        rows = order[bounds[a] : bounds[a + 1]]
        touched, column = np.unique(units.domain[rows], return_inverse=True)
        _, row = np.unique(units.identity[rows], return_inverse=True)
        table, size = np.zeros((row.max() + 1, len(touched))), np.zeros(row.max() + 1)
        table[row, column] = units.mean[rows]
        size[row] = units.size[rows]
        mean = size @ table / design.units[a]
        centred = table - mean
        products = (centred * size[:, None]).T @ centred + (design.units[a] - size.sum()) * np.outer(mean, mean)
        result[np.ix_(touched, touched)] += design.factor[a] * products
    return np.where(np.abs(result) < ROUNDING, 0.0, result)


def _units(cells: Cells, design: Design, linearised: Linearised) -> _Units:
    n = cells.responses[linearised.cell]
    if not cells.has_psu:
        stratum = design.stratum[linearised.cell]
        return _Units(linearised.domain, stratum, linearised.cell, linearised.value / n, n)
    psu = design.psu[linearised.cell]
    loose, clustered = np.flatnonzero(psu < 0), np.flatnonzero(psu >= 0)
    clusters = int(design.psu.max(initial=-1)) + 1
    key, pairs, first = compress_pairs(linearised.domain[clustered], psu[clustered])
    total = total_by(key, linearised.value[clustered], pairs)
    representative = clustered[first]
    rows = np.concatenate([representative, loose])
    return _Units(
        domain=linearised.domain[rows],
        stratum=design.stratum[linearised.cell[rows]],
        identity=np.concatenate([psu[representative], clusters + linearised.cell[loose]]),
        mean=np.concatenate([total, linearised.value[loose] / n[loose]]),
        size=np.concatenate([np.ones(len(first), dtype=np.int64), n[loose]]),
    )


def _within(cells: Cells, design: Design, linearised: Linearised) -> Floats:
    """sum over cells without a PSU of (1-f) m/(m-1) Q, (D,)."""
    loose = where(design.used & (design.psu < 0) & cells.reported)
    weights = design.factor[design.stratum[loose]] * linearised.within[loose]
    return total_by(cells.domain[loose], weights, len(cells.domain_labels))
