"""How many counter-days stand behind each post-stratum of a domain: few make its variance look smaller than it is.

A post-stratum seen on one of its agency's many counter-days adds nothing to the post-stratified variance, just as a
design stratum with one PSU adds nothing; seen on two or three it adds too little, and the degrees of freedom, which
count all the agency's days, do not say so. Such a domain is flagged and gets no evidence verdict: given one, it was
wrong up to 31 % of the time per side (`benchmarks/verdict_errors.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.design import Design
from analysis.statistics.effective import at_least
from analysis.statistics.grouping import Floats, Ints, compress_pairs, total_by
from analysis.statistics.weights import Weighting

FEWEST_DAYS = 8
HEAVY_SHARE = 0.20
_BINS = 64


@dataclass(frozen=True, eq=False)
class _Pairs:
    """(domain, weighting group) pairs: `code` (R,) of the cells `rows`; of each pair its domain, group and weight."""

    rows: Ints
    code: Ints
    domain: Ints
    group: Ints
    mass: Floats


@dataclass(frozen=True)
class ThinGroups:
    """`groups`: weighting groups that weigh much and were seen on few days; `domains`: those they weigh much in."""

    groups: tuple[int, ...] = ()
    domains: frozenset[int] = frozenset()


def thin_groups(cells: Cells, weighting: Weighting, design: Design, weights: Floats) -> ThinGroups:
    """Weighting groups that hold 20 % of a domain or more and were seen on few days, in order.

    Few: fewer than 8, and at most half of the PSUs of the design strata the group lies in. `weights` are the domains'.
    """
    if not cells.has_psu or weighting.raked:
        return ThinGroups()
    pairs = _pairs(cells, weighting, design)
    days = _days(cells, design, pairs)
    few = (days < FEWEST_DAYS) & (2 * days <= _units_around(design, pairs))
    heavy = at_least(pairs.mass, HEAVY_SHARE * weights[pairs.domain])
    found = few & heavy
    groups, domains = pairs.group[found].tolist(), pairs.domain[found].tolist()
    return ThinGroups(tuple(sorted(set(groups))), frozenset(domains))


def _pairs(cells: Cells, weighting: Weighting, design: Design) -> _Pairs:
    rows = np.flatnonzero(design.used & (cells.domain >= 0))
    group = weighting.calibrations[0].category[rows]
    code, size, first = compress_pairs(cells.domain[rows], group)
    mass = total_by(code, weighting.weight[rows] * cells.responses[rows], size)
    return _Pairs(rows, code, cells.domain[rows][first], group[first], mass)


def _days(cells: Cells, design: Design, pairs: _Pairs) -> Floats:
    """Counter-days (and answers without one) of each pair: exact below 8, at least 8 otherwise.

    Days are first told apart by 64 bins, which never counts too many; only pairs short of 8 are sorted.
    """
    size = len(pairs.mass)
    psu = design.psu[pairs.rows]
    loose = psu < 0
    singles = total_by(pairs.code[loose], cells.responses[pairs.rows][loose], size)
    bins = np.bincount(pairs.code[~loose] * _BINS + psu[~loose] % _BINS, minlength=size * _BINS)
    days = singles + (bins.reshape(size, _BINS) > 0).sum(axis=1)
    unsure = days < FEWEST_DAYS
    inside = np.flatnonzero(unsure[pairs.code] & ~loose)
    code = pairs.code[inside]
    _, _, first = compress_pairs(code, psu[inside])
    exact = singles + total_by(code[first], np.ones(len(first)), size)
    return np.where(unsure, exact, days)


def _units_around(design: Design, pairs: _Pairs) -> Floats:
    """PSUs of the design strata each pair has answers in."""
    stratum = design.stratum[pairs.rows]
    _, _, first = compress_pairs(stratum, pairs.code)
    return total_by(pairs.code[first], design.units[stratum[first]], len(pairs.mass))
