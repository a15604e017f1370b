"""How much of the caseload the answers speak for.

Measured on the original post-strata, the quarters and kinds of one service together: pooling borrows and does not know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Bools, Floats, Groups, Ints, compress_pairs, divide, total_by, where
from analysis.statistics.cells.weights import Weighting
from analysis.statistics.problems import Caveat, CaveatCode, warn
from analysis.statistics.variance.sample import Sample

ADEQUATE_RESPONSES = 5
LOW_COVERAGE = 0.80


@dataclass(frozen=True, eq=False)
class Coverage:
    """Per domain, (D,), NaN where undefined: `caseload` N of all its post-strata, silent ones included (NaN where the
    domain crosses post-strata); shares of the caseload in post-strata with at least 1 and at least 5 responses.
    `parts`: how many (domain, post-stratum) pairs there are in all."""

    caseload: Floats
    covered: Floats
    adequate: Floats
    parts: int


def measure(cells: Cells, weighting: Weighting, sample: Sample) -> Coverage:
    """sum of N over the domain's post-strata with enough responses / sum of N over all of them.

    A domain's post-strata are those with a row in it, whether anyone answered or not. `weighting` and `sample` tell
    only whether the pairs have been found before.
    """
    size = len(cells.domain_labels)
    reported = where(cells.reported)
    domain_of, post_of = cells.domain[reported], cells.post_stratum[reported]
    same = isinstance(sample.rows, slice) and weighting.calibrations[0].category is cells.post_stratum
    first = (sample.by_group if same else compress_pairs(domain_of, post_of)).first
    domain, post = domain_of[first], post_of[first]
    caseload, answered = cells.caseload[post], _answered(cells)[post]
    groups = Groups(domain, size)
    everything = groups.total(caseload)
    crossing = np.zeros(size, dtype=bool)
    crossing[domain[_crossing(cells, post)[post]]] = True

    def heard(least: int) -> Floats:
        return divide(groups.total(np.where(answered >= least, caseload, 0.0)), everything)

    return Coverage(
        caseload=np.where(crossing | (everything == 0), np.nan, everything),
        covered=heard(1),
        adequate=heard(ADEQUATE_RESPONSES),
        parts=len(first),
    )


def _crossing(cells: Cells, post: Ints) -> Bools:
    """Post-strata of known caseload with cells in several domains, or in none; `post`: that of each such pair."""
    crossing: Bools = np.bincount(post, minlength=len(cells.caseload)) > 1
    crossing[cells.post_stratum[~cells.reported]] = True
    return crossing & (cells.caseload > 0)


def _answered(cells: Cells) -> Floats:
    """Responses of the unit each post-stratum is a part of, (G,)."""
    if cells.coverage_unit is None:
        return cells.answered
    return total_by(cells.coverage_unit, cells.answered, len(cells.caseload))[cells.coverage_unit]


def coverage_warnings(cells: Cells, *, raked: bool) -> list[Caveat]:
    """Post-strata without a caseload, with more answers than dossiers, or that no pool could save.

    Raked cells (`raked`) are weighted by their margins: no answer is lost for want of a caseload.
    """
    answered, labels = cells.answered, cells.post_stratum_labels
    caveats: list[Caveat] = []
    lost = np.flatnonzero((answered > 0) & (cells.caseload == 0) & (not raked))
    if lost.size:
        names = tuple(labels[g] for g in lost)
        caveats.append(warn(CaveatCode.NO_CASELOAD, names, responses=int(answered[lost].sum())))
    over = np.flatnonzero(cells.over_response)
    if over.size:
        caveats.append(warn(CaveatCode.OVER_RESPONSE, tuple(labels[g] for g in over)))
    uncovered = np.flatnonzero((cells.groups < 0) & (cells.caseload > 0) & (not raked))
    if uncovered.size:
        caveats.append(warn(CaveatCode.NOT_COVERED, tuple(labels[g] for g in uncovered)))
    return caveats
