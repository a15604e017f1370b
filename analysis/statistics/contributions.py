"""Who pulls a figure up or down: each part's share of the gap between the estimate and the target.

p - t = sum over parts of (W_part / W) (p_part - t), exactly, because every cell belongs to one part and the weights are
those of the estimate itself (thin post-strata pooled as there).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.weights import post_stratify


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
    rows = np.flatnonzero(weight > 0)
    names, part_of = np.unique(np.asarray(parts)[cells.post_stratum[rows]], return_inverse=True)
    sizes, goods, ns = (
        np.bincount(part_of, values[rows]).tolist()
        for values in (weight * cells.responses, weight * cells.satisfied, cells.responses)
    )
    parts_found = [
        Contribution(name, (good - threshold * size) / total, size / total, int(n))
        for name, size, good, n in zip(names.tolist(), sizes, goods, ns, strict=True)
    ]
    return sorted(parts_found, key=lambda contribution: (contribution.gap, contribution.part))
