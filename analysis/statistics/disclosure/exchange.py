"""A quick certificate: answers of one table exchanged between agencies and services so that no margin moves.

It proves most atoms safe without a linear programme: if an agency's answers about some services and other agencies'
answers about this one can make way, an atom may hold many more while every row and column keeps its sum.
"""

from __future__ import annotations

import numpy as np

from analysis.statistics.grouping import Bools, Floats, Ints

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
    safe: Bools = table >= fewest
    asked = table > 0
    for row in np.flatnonzero((asked & ~safe).any(axis=1)):
        others = np.ones(len(table), dtype=bool)
        others[row] = False
        given = np.zeros(table.shape[1])  # what the services taken so far can give
        taken: list[int] = []
        for column in np.argsort(-table[row], kind="stable")[:MOST_SERVICES]:
            if not asked[row, column]:
                break
            others &= asked[:, column]
            taken.append(int(column))
            given[:] = table[row, taken].sum()
            given[taken] = 0  # a service among them cannot make way for itself
            made = np.minimum(given, table[others].sum(axis=0))
            safe[row] |= table[row] + made >= fewest
    return safe & asked
