"""How much of the caseload the answers speak for.

Measured on the original post-strata: pooling borrows, it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.grouping import Bools, Floats, compress_pairs, divide, total_by, where
from analysis.statistics.problems import Caveat, CaveatCode, warn

ADEQUATE_RESPONSES = 5
LOW_COVERAGE = 0.80


@dataclass(frozen=True, eq=False)
class Coverage:
    """Per domain, (D,), NaN where undefined: `caseload` N of all its post-strata, silent ones included (NaN where the
    domain crosses post-strata); shares of the caseload in post-strata with at least 1 and at least 5 responses."""

    caseload: Floats
    covered: Floats
    adequate: Floats


def measure(cells: Cells) -> Coverage:
    """A domain's post-strata are those with a row in it, whether anyone answered or not."""
    size, posts = len(cells.domain_labels), len(cells.caseload)
    answered = cells.answered
    home = np.zeros(posts, dtype=np.int64)
    home[cells.post_stratum] = cells.domain
    elsewhere = cells.domain != home[cells.post_stratum]
    reported = where(cells.reported)
    _, _, one = compress_pairs(cells.domain[reported], cells.post_stratum[reported])
    domain, post = cells.domain[reported][one], cells.post_stratum[reported][one]
    known = cells.caseload[post]
    everything = total_by(domain, known, size)
    crossing = np.zeros(size, dtype=bool)
    if elsewhere.any():
        shared = np.zeros(posts, dtype=bool)
        shared[cells.post_stratum[elsewhere]] = True
        crossing = total_by(domain, shared[post], size) > 0
    return Coverage(
        caseload=np.where(crossing | (everything == 0), np.nan, everything),
        covered=divide(total_by(domain, known * (answered[post] >= 1), size), everything),
        adequate=divide(total_by(domain, known * (answered[post] >= ADEQUATE_RESPONSES), size), everything),
    )


def coverage_warnings(cells: Cells) -> list[Caveat]:
    """Post-strata without a caseload, with more answers than dossiers, or that no pool could save."""
    answered, labels = cells.answered, cells.post_stratum_labels
    found: list[Caveat] = []
    lost = np.flatnonzero((answered > 0) & (cells.caseload == 0))
    if lost.size:
        names = tuple(labels[g] for g in lost)
        found.append(warn(CaveatCode.NO_CASELOAD, names, responses=int(answered[lost].sum())))
    over = np.flatnonzero(over_response(cells))
    if over.size:
        found.append(warn(CaveatCode.OVER_RESPONSE, tuple(labels[g] for g in over)))
    uncovered = np.flatnonzero((cells.groups < 0) & (cells.caseload > 0))
    if uncovered.size:
        found.append(warn(CaveatCode.NOT_COVERED, tuple(labels[g] for g in uncovered)))
    return found


def over_response(cells: Cells) -> Bools:
    """Post-strata with a caseload and more responses than dossiers, (G,)."""
    return (cells.caseload > 0) & (cells.answered > cells.caseload)
