"""Variances and covariances of domain ratios from their linearised values (between PSUs within design strata).

Every sum of squares is centred before squaring; `sum z^2 - (sum z)^2/n` appears nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells.grouping import Floats, Groups, Ints, compress_pairs, total_by
from analysis.statistics.variance.design import Design
from analysis.statistics.variance.linear import Linearised

# Below this a variance is the rounding of an exact zero: with 1e6 answers a real one is about 1e-7.
ROUNDING = 1e-24


@dataclass(frozen=True, eq=False)
class _Units:
    """Triples summed to units, per (domain, PSU) or (domain, loose cell): `size` responses, whose Z add up to `total`
    and whose squares about their own mean add up to `within`; both times A_d."""

    domain: Ints
    stratum: Ints
    identity: Ints
    size: Floats
    total: Floats
    within: Floats


def variances(design: Design, linearised: Linearised) -> Floats:
    """V_d, (D,): V = sum_a (1-f) m/(m-1) { sum_c (Z_c - Zbar)^2 + sum_loose [Q + n (Z/n - Zbar)^2] }."""
    sample, units = linearised.sample, _units(linearised)
    key, pairs, first = compress_pairs(units.domain, units.stratum) if sample.has_psu else sample.by_stratum
    stratum, domain = units.stratum[first], units.domain[first]
    parts = Groups(key, pairs)
    mean = parts.total(units.total) / design.units[stratum]
    squares = parts.total(units.size * (units.total / units.size - mean[key]) ** 2 + units.within)
    untouched = design.units[stratum] - parts.total(units.size)
    total = total_by(domain, design.factor[stratum] * (squares + untouched * mean**2), sample.domains)
    return _rounded(total * linearised.scale**2)


def covariances(design: Design, linearised: Linearised) -> Floats:
    """(D, D): the same with products; Q enters the diagonal only. Strata are visited one by one."""
    units, domains = _units(linearised), len(linearised.scale)
    result = np.diag(total_by(units.domain, design.factor[units.stratum] * units.within, domains))
    order = np.argsort(units.stratum, kind="stable")
    bounds = np.searchsorted(units.stratum[order], np.arange(len(design.units) + 1))
    for a in np.flatnonzero((bounds[1:] > bounds[:-1]) & (design.factor > 0)):
        rows = order[bounds[a] : bounds[a + 1]]
        touched, column = np.unique(units.domain[rows], return_inverse=True)
        _, row = np.unique(units.identity[rows], return_inverse=True)
        table, size = np.zeros((row.max() + 1, len(touched))), np.zeros(row.max() + 1)
        table[row, column] = units.total[rows] / units.size[rows]
        size[row] = units.size[rows]
        mean = size @ table / design.units[a]
        centred = table - mean
        products = (centred * size[:, None]).T @ centred + (design.units[a] - size.sum()) * np.outer(mean, mean)
        result[np.ix_(touched, touched)] += design.factor[a] * products
    return _rounded(result * np.outer(linearised.scale, linearised.scale))


def _rounded(result: Floats) -> Floats:
    return np.where(np.abs(result) < ROUNDING, 0.0, result)


def _units(linearised: Linearised) -> _Units:
    sample, value, within = linearised.sample, linearised.value, linearised.within
    position = np.arange(len(value))
    cell = position if isinstance(sample.rows, slice) else sample.rows
    if not sample.has_psu:
        return _Units(sample.domain, sample.stratum, cell, sample.responses, value, within)
    key, pairs, first = sample.by_day
    days, loose = position[sample.clustered][first], position[sample.loose]
    rows = np.concatenate([days, loose])
    clusters = int(sample.psu.max(initial=-1)) + 1
    return _Units(
        domain=sample.domain[rows],
        stratum=sample.stratum[rows],
        identity=np.concatenate([sample.psu[days], clusters + cell[loose]]),
        size=np.concatenate([np.ones(pairs), sample.responses[loose]]),
        total=np.concatenate([total_by(key, value[sample.clustered], pairs), value[loose]]),
        within=np.concatenate([np.zeros(pairs), within]),
    )
