"""Cells without their PSUs: all that weights, shares and contributions need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Ints, compress, compress_pairs, total_by
from analysis.statistics.cells.ratio import Ratio


def without_sampling_units(cells: Cells) -> Cells:
    """One cell per design stratum x post-stratum x domain: weights and exact shares are those of `cells`.

    For cells of equal base weight, without margins.
    """
    outer, _size, _first = compress_pairs(cells.stratum, cells.post_stratum)
    code, size, first = compress(outer * (len(cells.domain_labels) + 1) + cells.domain + 1)

    def total(values: Ints) -> Ints:
        return total_by(code, values, size).astype(np.int64)

    return replace(
        cells,
        stratum=cells.stratum[first],
        post_stratum=cells.post_stratum[first],
        psu=np.full(size, -1, dtype=np.int64),
        domain=cells.domain[first],
        responses=total(cells.responses),
        satisfied=total(cells.satisfied),
        ratio=None if cells.ratio is None else _total_ratio(cells.ratio, total),
    )


def _total_ratio(ratio: Ratio, total: Callable[[Ints], Ints]) -> Ratio:
    return Ratio(
        numerator=total(ratio.numerator),
        denominator=total(ratio.denominator),
        numerator_squares=total(ratio.numerator_squares),
        products=total(ratio.products),
        denominator_squares=total(ratio.denominator_squares),
        scale=ratio.scale,
    )
