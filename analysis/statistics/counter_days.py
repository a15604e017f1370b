"""How many counter-days stand behind each post-stratum of a domain: few make its variance look smaller than it is.

A post-stratum seen on one of its agency's many counter-days adds nothing to the post-stratified variance, just as a
design stratum with one PSU adds nothing; seen on two or three it adds too little, and the degrees of freedom, which
count all the agency's days, do not say so. Such a domain is flagged and gets no evidence verdict: given one, it was
wrong up to 31 % of the time per side (`benchmarks/verdict_errors.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.design import Design
from analysis.statistics.effective import at_least
from analysis.statistics.grouping import Floats, compress_pairs, total_by
from analysis.statistics.sample import Sample
from analysis.statistics.weights import Weighting

FEWEST_DAYS = 8
HEAVY_SHARE = 0.20
_BINS = 64


@dataclass(frozen=True)
class ThinGroups:
    """`groups`: weighting groups that weigh much and were seen on few days; `domains`: those they weigh much in."""

    groups: tuple[int, ...] = ()
    domains: frozenset[int] = frozenset()


def thin_groups(weighting: Weighting, design: Design, sample: Sample, weights: Floats) -> ThinGroups:
    """Weighting groups that hold 20 % of a domain or more and were seen on few days, in order.

    Few: fewer than 8, and at most half of the PSUs of the design strata the group lies in. `weights` are the domains'.
    """
    if not sample.has_psu or weighting.raked:
        return ThinGroups()
    key, pairs, first = sample.by_group
    domain, group = sample.domain[first], sample.group[first]
    heavy = at_least(total_by(key, sample.mass, pairs), HEAVY_SHARE * weights[domain])
    days = _days(sample)
    found = heavy & (days < FEWEST_DAYS) & (2 * days <= _units_around(design, sample))
    return ThinGroups(tuple(sorted(set(group[found].tolist()))), frozenset(domain[found].tolist()))


def _days(sample: Sample) -> Floats:
    """Counter-days (and answers without one) of each (domain, group) pair: exact below 8, at least 8 otherwise.

    Days are first told apart by 64 bins, which never counts too many; only pairs short of 8 are sorted.
    """
    key, size, _ = sample.by_group
    singles = total_by(key[sample.loose], sample.responses[sample.loose], size)
    code, psu = key[sample.clustered], sample.psu[sample.clustered]
    bins = np.bincount(code * _BINS + psu % _BINS, minlength=size * _BINS)
    days = singles + (bins.reshape(size, _BINS) > 0).sum(axis=1)
    unsure = days < FEWEST_DAYS
    inside = unsure[code]
    code = code[inside]
    first = compress_pairs(code, psu[inside]).first
    exact = singles + np.bincount(code[first], minlength=size)
    return np.where(unsure, exact, days)


def _units_around(design: Design, sample: Sample) -> Floats:
    """PSUs of the design strata each (domain, group) pair has answers in."""
    key, size, _ = sample.by_group
    first = compress_pairs(sample.stratum, key).first
    return total_by(key[first], design.units[sample.stratum[first]], size)
