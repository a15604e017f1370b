"""The used cells of the domains: the answers behind every weighted figure, looked up once for all steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Coding, Floats, Groups, Ints, Rows, compress, compress_pairs, where
from analysis.statistics.cells.weights import Weighting
from analysis.statistics.variance.design import Design, count_units


@dataclass(frozen=True, eq=False)
class Sample:
    """R cells; `rows` picks them from a column of all K, and `domain` says which of `domains` = D each counts in.

    Columns (R,): `domain` 0..D-1, design `stratum`, `psu` (unique over all strata, -1 = none), `group` (the weighting
    group), `responses` n, `satisfied` s, `weight` w and `mass` w n.
    `has_psu`: some answers of all K cells come from a known PSU.

    An estimate's sample (`sample_of`) has each used cell once, in the order of `Cells`; `complete` says that no cell
    with a weight is missing. Where weights tie domains together, `linearise` makes one (`sample_at`) with a cell once
    in each domain it is tied to: its columns and pairs are asked for then, never its sums over domains.
    """

    rows: Rows
    domains: int
    domain: Ints
    stratum: Ints
    psu: Ints
    group: Ints
    responses: Floats
    satisfied: Floats
    weight: Floats
    mass: Floats
    complete: bool
    has_psu: bool

    @cached_property
    def loose(self) -> Rows:
        """Rows whose answers come from no known PSU: each is its own."""
        return where(self.psu < 0) if self.has_psu else slice(None)

    @cached_property
    def clustered(self) -> Rows:
        """Rows of a known PSU."""
        return where(self.psu >= 0) if self.has_psu else slice(0)

    @cached_property
    def by_stratum(self) -> Coding:
        """The (domain, design stratum) pairs."""
        return compress_pairs(self.domain, self.stratum)

    @cached_property
    def by_group(self) -> Coding:
        """The (domain, weighting group) pairs."""
        return compress_pairs(self.domain, self.group)

    @cached_property
    def by_day(self) -> Coding:
        """The (domain, PSU) pairs of the rows `clustered`: a PSU seen in two domains counts in both."""
        return compress_pairs(self.domain[self.clustered], self.psu[self.clustered])

    @cached_property
    def by_day_and_group(self) -> Coding:
        """The (domain, PSU, weighting group) triples of the rows `clustered`."""
        return compress(self.by_day.codes * self._ordinal.max(initial=0) + self.by_day.codes + self._ordinal)

    @cached_property
    def _ordinal(self) -> Ints:
        """A number of each clustered row's group that is unique, and small, within its design stratum."""
        stratum, group = self.stratum[self.clustered], self.group[self.clustered]
        code, size, first = compress_pairs(stratum, group)
        order = np.argsort(stratum[first], kind="stable")
        strata = stratum[first][order]
        ordinal = np.empty(size, dtype=np.int64)
        ordinal[order] = np.arange(size) - np.searchsorted(strata, strata)
        return ordinal[code]

    @cached_property
    def answers(self) -> Floats:
        """Responses of each domain, (D,)."""
        return self.total(self.responses)

    @cached_property
    def units(self) -> Floats:
        """PSUs (and responses without one) seen in each domain, (D,)."""
        if not self.has_psu:
            return self.answers
        days = np.arange(len(self.domain))[self.clustered][self.by_day.first]
        return count_units(self.domain, self.responses, self.loose, days, self.domains)

    @cached_property
    def strata(self) -> Ints:
        """Design strata seen in each domain, (D,)."""
        return np.bincount(self.domain[self.by_stratum.first], minlength=self.domains)

    def total(self, values: Floats) -> Floats:
        """Sum of a column (R,) over each domain, (D,)."""
        return self._by_domain.total(values)

    @cached_property
    def _by_domain(self) -> Groups:
        return Groups(self.domain, self.domains)


def sample_of(cells: Cells, weighting: Weighting, design: Design) -> Sample:
    """The cells that have a weight and a domain, each in its own."""
    rows = where(weighting.used & cells.reported)
    return sample_at(cells, weighting, design, rows, cells.domain[rows])


def sample_at(cells: Cells, weighting: Weighting, design: Design, rows: Rows, domain: Ints) -> Sample:
    """The cells `rows`, reported in `domain` (R,)."""
    responses, weight = cells.counts[rows], weighting.weight[rows]
    return Sample(
        rows=rows,
        domains=len(cells.domain_labels),
        domain=domain,
        stratum=design.stratum[rows],
        psu=design.psu[rows],
        group=weighting.calibrations[0].category[rows],
        responses=responses,
        satisfied=cells.satisfied[rows].astype(np.float64),
        weight=weight,
        mass=weight * responses,
        complete=len(domain) == np.count_nonzero(weighting.used),
        has_psu=cells.has_psu,
    )
