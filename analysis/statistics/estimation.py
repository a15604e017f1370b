"""`estimate`: cells in, one estimate per domain out. The other files of this package are its steps.

E1, stratified and conditional on n_h:   p = sum W_h p_h,   V = sum W_h^2 (1-f_h) p_h (1-p_h) / (n_h - 1)
E3, clustered and post-stratified:       weights N_g/n_g, linearised, between PSUs within design strata
E1 is E3 with design strata = post-strata and every response its own PSU; both run through the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Floats, count_distinct
from analysis.statistics.cells.weights import Margin, Weighting, post_stratify, rake
from analysis.statistics.domains import DomainEstimate, PlainCounts, domain_estimates, plain_counts
from analysis.statistics.problems import Caveat, CaveatCode, warn
from analysis.statistics.variance import coverage
from analysis.statistics.variance.design import design_of
from analysis.statistics.variance.effects import design_based_size
from analysis.statistics.variance.exact import exact_shares
from analysis.statistics.variance.linear import domain_sums, linearise
from analysis.statistics.variance.sample import sample_of
from analysis.statistics.variance.variance import covariances, variances
from analysis.statistics.variance.working_model import working_model
from analysis.statistics.verdicts.sufficiency import few_degrees


@dataclass(frozen=True, eq=False)
class Estimation:
    """`domains` in the order of `Cells.domain_labels`; `covariance` (D, D), computed when first asked for."""

    method: str
    domains: tuple[DomainEstimate, ...]
    warnings: tuple[Caveat, ...]
    _cells: Cells = field(repr=False)
    _covariance: Callable[[], Floats] = field(repr=False)

    @cached_property
    def covariance(self) -> Floats:
        """Covariances of the domain estimates, for differences and contrasts; 0 for a domain without estimate."""
        return self._covariance()

    def __getitem__(self, domain: str) -> DomainEstimate:
        return self.domains[self._cells.domain_labels.index(domain)]

    def light(self, marginal: Cells) -> Estimation:
        """The same without its PSUs, for keeping: covariances are worked out now, exact shares from `marginal`.

        `marginal`: the cells as `without_sampling_units` gives them.
        """
        exact = exact_shares(marginal, post_stratify(marginal))
        for domain in self.domains:
            domain.exact = exact
        alone = len(self.domains) == 1
        covariance = np.array([[self.domains[0].variance or 0.0]]) if alone else self.covariance
        return replace(self, _cells=marginal, _covariance=_known(covariance))


def _known(covariance: Floats) -> Callable[[], Floats]:
    return lambda: covariance


def estimate(
    cells: Cells, *, fpc: bool = True, margins: Sequence[Margin] | None = None, alone: bool = False
) -> Estimation:
    """Weighted satisfaction of every domain of `cells`.

    `fpc`: subtract what a finite caseload makes certain (a target's own year: yes; trends and league tables: no); with
    any PSU there is none. `margins`: rake to these instead of post-stratifying. `alone`: the domains are made of whole
    design strata, and each is judged as it would be in a table of its own, whether others know their PSUs or not.

    Raises StatisticsError `margin_*` for margins that cannot be met (see `rake`); `Cells` has refused bad cells before.
    """
    conditional = _is_conditional(cells) and not margins
    weighting = rake(cells, margins) if margins else post_stratify(cells)
    design, warnings = design_of(cells, weighting, fpc=fpc, conditional=conditional)
    sample = sample_of(cells, weighting, design)
    sums = domain_sums(cells, sample)
    linearised = linearise(cells, weighting, design, sample, sums, adjust=not conditional)
    variance = variances(design, linearised)
    design_based = design_based_size(sample, design, sums)
    model = working_model(weighting, design, sample, sums.weights)
    plain, reach = plain_counts(cells), coverage.measure(cells, weighting, sample)
    figures = domain_estimates(cells, weighting, sample, sums, plain, reach, variance, design_based, model, alone=alone)
    warnings = (*weighting.warnings, *warnings, *_warnings(cells, weighting, plain, reach, figures))
    covariance = partial(covariances, design, linearised)
    return Estimation("E1" if conditional else "E3", figures, warnings, cells, covariance)


def _is_conditional(cells: Cells) -> bool:
    """No PSU at all and stratum = post-stratum, label by label."""
    if bool(np.any(cells.psu >= 0)):
        return False
    strata, posts = cells.stratum_labels, cells.post_stratum_labels
    if len(cells) and strata[cells.stratum[0]] != posts[cells.post_stratum[0]]:
        return False
    if strata != posts:
        code = {label: number for number, label in enumerate(posts)}
        same = np.array([code.get(label, -1) for label in strata], dtype=np.int64)
        return bool(np.array_equal(same[cells.stratum], cells.post_stratum))
    return bool(np.array_equal(cells.stratum, cells.post_stratum))


def _warnings(
    cells: Cells,
    weighting: Weighting,
    plain: PlainCounts,
    reach: coverage.Coverage,
    figures: Sequence[DomainEstimate],
) -> list[Caveat]:
    caveats = coverage.coverage_warnings(cells, raked=weighting.raked)
    if not len(cells):
        caveats.append(warn(CaveatCode.NO_CELLS))
    silent = plain.responses == 0
    domains = {
        CaveatCode.NO_RESPONSES: silent,
        CaveatCode.LOW_COVERAGE: (reach.adequate < coverage.LOW_COVERAGE) & ~silent,
        CaveatCode.FEW_COUNTER_DAYS: np.array([figure.few_days for figure in figures], dtype=bool),
        CaveatCode.FEW_DEGREES: np.array([few_degrees(figure) for figure in figures], dtype=bool),
    }
    for code, flagged in domains.items():
        if flagged.any():
            caveats.append(warn(code, tuple(cells.domain_labels[at] for at in np.flatnonzero(flagged))))
    duplicates = _duplicates(cells, reach.parts)
    if duplicates:
        caveats.append(warn(CaveatCode.DUPLICATE_CELLS, count=duplicates))
    return caveats


def _duplicates(cells: Cells, parts: int) -> int:
    """Cells whose stratum, post-stratum, PSU, domain (and margins, base weight) repeat another's."""
    if parts == len(cells):  # each has a domain and post-stratum of its own
        return 0
    keys = [cells.stratum, cells.post_stratum, cells.psu + 1, cells.domain + 1]
    keys += [codes for codes, _ in cells.margins.values()]
    if cells.base_weight is not None:
        keys.append(np.unique(cells.base_weight, return_inverse=True)[1])
    return len(cells) - count_distinct(keys)
