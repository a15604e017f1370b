"""A quick certificate: answers of one table exchanged between agencies and services so that no margin moves.

It proves most atoms safe without a linear programme: if an agency's answers about some services and other agencies'
answers about this one can make way, an atom may hold many more while every row and column keeps its sum.
"""

from __future__ import annotations

import numpy as np

from analysis.statistics.cells.grouping import Bools, Floats, Ints

MOST_SERVICES = 12  # of an agency that make way together


def exchangeable(slices: Ints, agency: Ints, service: Ints, sizes: Floats, fewest: int) -> Bools:
    """Which atoms (N,) may hold `fewest` for all that is told; `slices`: told alike but for agency and service."""
    safe = np.zeros(len(sizes), dtype=bool)
    for code in range(int(slices.max(initial=-1)) + 1):
        inside = np.flatnonzero(slices == code)
        agencies, row = np.unique(agency[inside], return_inverse=True)
        services, column = np.unique(service[inside], return_inverse=True)
        table = np.zeros((len(agencies), len(services)))
        np.add.at(table, (row, column), sizes[inside])
        safe[inside] = _cells(table, fewest)[row, column]
    return safe


def _cells(table: Floats, fewest: int) -> Bools:
    """Cells that are large, or can be made so within the sums of rows and columns."""
    asked = table > 0
    safe: Bools = table >= fewest
    for row in np.flatnonzero((asked & ~safe).any(axis=1)).tolist():
        order = np.argsort(-table[row], kind="stable")[: int(asked[row].sum())].tolist()
        for column in np.flatnonzero(asked[row] & ~safe[row]).tolist():
            safe[row, column] = table[row, column] + _room(table, asked, row, column, order) >= fewest
    return safe & asked


def _room(table: Floats, asked: Bools, row: int, column: int, order: list[int]) -> float:
    """How much more a cell may hold: other services of its agency make way to agencies that have them all and this."""
    others = asked[:, column].copy()
    others[row] = False
    given = most = 0.0
    for service in [other for other in order if other != column][:MOST_SERVICES]:  # the largest first
        others &= asked[:, service]
        given += float(table[row, service])
        most = max(most, min(given, float(table[others, column].sum())))
    return most
