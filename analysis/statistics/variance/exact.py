"""Post-stratified shares as ratios of integers: exactly 80 % fails "trên 80 %" and exactly 70 % meets "70 %"."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Ints, compress, total_by
from analysis.statistics.cells.weights import Weighting


class Exact:
    """Fractions of domains, worked out when someone asks: few estimates lie so near a threshold that it matters."""

    __slots__ = ("_compute",)

    def __init__(self, compute: Callable[[str], Fraction | None] | None) -> None:
        self._compute = compute

    def of(self, domain: str) -> Fraction | None:
        """The fraction of a domain, from 0 to 1; None where there is no exact one."""
        return self._compute(domain) if self._compute else None


def known_share(share: Fraction | None) -> Exact:
    """One that was worked out already, and can be sent from one process to another."""
    return Exact(partial(_as_it_is, share))


def _as_it_is(share: Fraction | None, _domain: str) -> Fraction | None:
    return share


def exact_shares(cells: Cells, weighting: Weighting) -> Exact:
    """Of each domain: p_d = sum_g (N_g/n_g) z_gd / sum_g (N_g/n_g) a_gd; None when raked or not made of integers.

    Base weights drop out where they are constant inside each weighting group; otherwise there is no exact value.
    """
    return Exact(None if weighting.raked or not _in_integers(cells, weighting) else _Shares(cells, weighting).of)


def _in_integers(cells: Cells, weighting: Weighting) -> bool:
    if cells.caseload_ratio is None and not bool(np.all(cells.caseload == np.floor(cells.caseload))):
        return False
    if cells.base_weight is None:
        return True
    group, base = weighting.calibrations[0].category[weighting.used], cells.base_weight[weighting.used]
    base_of_group = np.zeros(len(cells.caseload))
    base_of_group[group] = base
    return bool(np.all(base_of_group[group] == base))


class _Shares:
    """What every domain's fraction needs, worked out once, when the first is asked for."""

    def __init__(self, cells: Cells, weighting: Weighting) -> None:
        self._cells, self._weighting = cells, weighting

    @cached_property
    def _weights(self) -> list[Fraction]:
        """N_g / n_g of each weighting group; 0 where nobody answered."""
        cells, used = self._cells, self._weighting.used
        size = len(cells.caseload)
        answered = total_by(self._weighting.calibrations[0].category[used], cells.responses[used], size)
        pairs = zip(self._population(), answered.tolist(), strict=True)
        return [total / int(n) if n else Fraction(0) for total, n in pairs]

    def _population(self) -> list[Fraction]:
        """N of each weighting group."""
        cells = self._cells
        known = np.flatnonzero((cells.caseload > 0) & (cells.groups >= 0))
        if cells.caseload_ratio is None:
            total = total_by(cells.groups[known], cells.caseload[known], len(cells.caseload))
            return [Fraction(total_caseload) for total_caseload in total.tolist()]
        population = [Fraction(0)] * len(cells.caseload)
        over, under = (numbers.tolist() for numbers in cells.caseload_ratio)
        for post, group in zip(known.tolist(), cells.groups[known].tolist(), strict=True):
            population[group] += Fraction(over[post], under[post])
        return population

    @cached_property
    def _rows(self) -> list[Ints]:
        """The used cells of each domain."""
        inside = np.flatnonzero(self._weighting.used & (self._cells.domain >= 0))
        order = inside[np.argsort(self._cells.domain[inside], kind="stable")]
        bounds = np.searchsorted(self._cells.domain[order], np.arange(1, len(self._cells.domain_labels)))
        return np.split(order, bounds)

    def of(self, domain: str) -> Fraction | None:
        cells, rows = self._cells, self._rows[self._cells.domain_labels.index(domain)]
        numerator, denominator, scale = cells.satisfied, cells.responses, 1
        if cells.ratio is not None:
            numerator, denominator, scale = cells.ratio.numerator, cells.ratio.denominator, cells.ratio.scale
        code, size, first = compress(self._weighting.calibrations[0].category[rows])
        z, a = total_by(code, numerator[rows], size), total_by(code, denominator[rows], size)
        groups = self._weighting.calibrations[0].category[rows][first].tolist()
        weights = [self._weights[group] for group in groups]
        above = sum((weight * int(value) for weight, value in zip(weights, z.tolist(), strict=True)), Fraction(0))
        below = sum((weight * int(value) for weight, value in zip(weights, a.tolist(), strict=True)), Fraction(0))
        return above / (below * scale) if below else None
