"""Linear programmes over every table that agrees with what is told: how many answers atoms could hold."""

from __future__ import annotations

import numpy as np
import scipy

from analysis.statistics.cells.grouping import Floats, Ints

MOST_AT_ONCE = 4_000  # atoms that may change; beyond it those of few agencies only, which is the stricter
HUBS = (3, 6)  # the agencies with most answers that may change with any other, at first and when that is too few
SMALL = (0, 10)  # and those with fewest, which are hidden most often


class Programme:
    """The tables with the same told counts: `known` (T, N), of atoms with these `sizes` (N,) and agencies (N,)."""

    def __init__(self, known: scipy.sparse.csr_matrix, sizes: Ints, agency: Ints, fewest: int) -> None:
        self.known, self.sizes, self.agency, self.fewest = known.tocsc(), sizes.astype(float), agency, fewest
        self.is_whole = len(sizes) <= MOST_AT_ONCE  # every atom may change at once
        self._by_size = np.argsort(-np.bincount(agency, weights=self.sizes), kind="stable").tolist()

    def fill(self, atoms: Ints, *, wide: bool = False) -> tuple[Floats, Floats]:
        """One table in which these atoms hold as much as they can together, `fewest` each being enough.

        `wide`: more agencies may change beside theirs. Returns what each of them holds there, and the weight (T,) of
        each told count in that bound.
        """
        free = self._free(atoms, wide)
        equations = self.known[:, free].tocsr()
        rows = np.flatnonzero(np.diff(equations.indptr))
        many, few, equations = len(free), len(atoms), equations[rows]
        place = np.searchsorted(free, atoms)
        held = scipy.sparse.csr_matrix((-np.ones(few), (np.arange(few), place)), shape=(few, many))
        result = scipy.optimize.linprog(
            np.concatenate([np.zeros(many), -np.ones(few)]),
            A_ub=scipy.sparse.hstack([held, scipy.sparse.identity(few)], format="csr"),
            b_ub=np.zeros(few),
            A_eq=scipy.sparse.hstack([equations, scipy.sparse.csr_matrix((len(rows), few))], format="csr"),
            b_eq=equations @ self.sizes[free],
            bounds=[(0.0, None)] * many + [(0.0, float(self.fewest))] * few,
            method="highs",
        )
        weights = np.zeros(self.known.shape[0])
        weights[rows] = result.eqlin.marginals
        return np.asarray(result.x, dtype=float)[place], weights

    def _free(self, atoms: Ints, wide: bool) -> Ints:
        """The atoms that may change."""
        if self.is_whole:
            return np.arange(len(self.sizes))
        beside = [*self._by_size[: HUBS[wide]], *self._by_size[len(self._by_size) - SMALL[wide] :]]
        return np.flatnonzero(np.isin(self.agency, [*self.agency[atoms].tolist(), *beside]))
