"""What the few answers that came and are not used would be told to have said.

The weighted share of one service alone is that of the answers used; an unweighted share that takes a few more in, both
counts being told, would say what those few answered. So it takes them in only where they are enough to be told of.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.domains import DomainEstimate, PlainCounts, plain_counts
from analysis.statistics.estimation import Estimation
from analysis.statistics.weights import post_stratify


def without_few_unused(estimation: Estimation, cells: Cells, fewest: int) -> Estimation:
    """The same, the unweighted share being of the answers used where fewer than `fewest` others came.

    Counts stay: those of a table's rows add up to those of its total, or their difference would be told.

    Args:
        estimation: the estimates of `cells`.
        cells: as they were estimated from, sampling units added up or not.
        fewest: what may be told of by itself (public 30, staff 10).
    """
    if not any(0 < domain.responses - domain.n < fewest for domain in estimation.domains):
        return estimation
    used = plain_counts(replace(cells, domain=np.where(post_stratify(cells).used, cells.domain, -1)))
    domains = tuple(_of_the_used(domain, place, used, fewest) for place, domain in enumerate(estimation.domains))
    return replace(estimation, domains=domains)


def _of_the_used(domain: DomainEstimate, place: int, used: PlainCounts, fewest: int) -> DomainEstimate:
    if not 0 < domain.responses - domain.n < fewest:
        return domain
    return replace(domain, unweighted=float(used.share[place]))
