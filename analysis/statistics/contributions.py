"""Who pulls a figure up or down: each part's share of the gap between the estimate and the target.

p - t = sum over parts of (W_part / W) (p_part - t), exactly, because every cell belongs to one part and the weights are
those of the estimate itself (thin post-strata pooled as there).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells import Cells
from analysis.statistics.weights import post_stratify


@dataclass(frozen=True)
class Contribution:
    """One part of a domain. `gap` is in shares (0.01 = one point) and sums to estimate - target over all parts.

    `weight`: the part's share (0-1) of the domain's caseload; `n`: responses. Its own satisfaction is not told here:
    the weights are the whole figure's, those of the part asked alone may be others.
    """

    part: str
    gap: float
    weight: float
    n: int


def contributions(cells: Cells, threshold: float, parts: Sequence[str]) -> list[Contribution]:
    """Every part with an answer that counts, the strongest pull down first.

    Args:
        cells: of a question without breakdown, top2 method.
        threshold: the target, a share 0-1.
        parts: (G,) the part each post-stratum belongs to.
    """
    weight = post_stratify(cells).weight
    total = float(np.sum(weight * cells.responses))
    if total == 0:
        return []
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    weighted, satisfied = weight * cells.responses, weight * cells.satisfied
    for row in np.flatnonzero(weight > 0):
        part = sums[parts[cells.post_stratum[row]]]
        part[0] += float(weighted[row])
        part[1] += float(satisfied[row])
        part[2] += int(cells.responses[row])
    parts_found = [
        Contribution(name, (good - threshold * size) / total, size / total, int(n))
        for name, (size, good, n) in sums.items()
    ]
    return sorted(parts_found, key=lambda contribution: (contribution.gap, contribution.part))
