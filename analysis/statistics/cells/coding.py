"""From columns of labels, one entry a cell, to the codes and amounts that `Cells` holds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analysis.statistics.cells.grouping import Floats, Ints
from analysis.statistics.problems import StatisticsError


def coded(labels: Sequence[str | None]) -> tuple[Ints, tuple[str, ...]]:
    """Codes in sorted order of the distinct labels; None is -1."""
    names = tuple(sorted({label for label in labels if label is not None}))
    code: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    code[None] = -1
    return np.fromiter((code[label] for label in labels), np.int64, len(labels)), names


def coded_psu(stratum: Sequence[str], psu: Sequence[str | None] | None) -> Ints:
    """Codes of (stratum, PSU label): a label names a PSU only within its stratum."""
    if psu is None:
        return np.full(len(stratum), -1, dtype=np.int64)
    code: dict[tuple[str, str], int] = {}
    keys = ((a, c) if c else None for a, c in zip(stratum, psu, strict=True))
    return np.fromiter((-1 if key is None else code.setdefault(key, len(code)) for key in keys), np.int64, len(stratum))


def caseload_ratio(
    codes: Ints, labels: tuple[str, ...], caseload: Sequence[float | Fraction | None]
) -> tuple[Ints, Ints] | None:
    """Numerators and denominators, (G,) each, where some N is a Fraction and no other is broken."""
    amounts = dict(zip(codes.tolist(), caseload, strict=True))
    if not any(isinstance(amount, Fraction) for amount in amounts.values()):
        return None
    exact = [Fraction(amounts[code] or 0) for code in range(len(labels))]
    if any(
        exact_amount.denominator > 1
        for code, exact_amount in enumerate(exact)
        if not isinstance(amounts[code], Fraction)
    ):
        return None
    return np.array([exact_amount.numerator for exact_amount in exact]), np.array(
        [exact_amount.denominator for exact_amount in exact]
    )


def one_caseload_each(codes: Ints, labels: tuple[str, ...], caseload: Sequence[float | Fraction | None]) -> Floats:
    """N of each post-stratum, (G,), 0 where unknown; raises StatisticsError where its rows disagree."""
    given = np.array([0.0 if value is None else value for value in caseload], dtype=np.float64)
    amounts = np.zeros(len(labels))
    amounts[codes] = given
    different = np.flatnonzero(~((amounts[codes] == given) | np.isnan(given)))
    if different.size:
        raise StatisticsError(
            "caseload_differs",
            "Nhóm %(post_stratum)s có hai số hồ sơ khác nhau; hãy ghi cùng một số trên mọi dòng của nhóm.",
            post_stratum=labels[codes[different[0]]],
        )
    return amounts
