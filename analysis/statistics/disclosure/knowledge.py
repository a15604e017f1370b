"""What a reader works out from all the counts that are told together, and which of them tell it.

A count is told of a set of answers. Whoever adds and subtracts told counts knows the size of every group whose
indicator is a combination of those sets. No group of 1 to `fewest` - 1 answers may be known. By the duality of linear
programming that holds if, for every answer in so small an atom, another table agrees with every count that is told and
has `fewest` or more there (the upper protection of Fischetti and Salazar 2000, computed exactly). Such a table is a
certificate, and it stays one when a count is taken back.

An atom is the answers that the same counts tell of: here an agency's about a service, of a month and an arrival.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.statistics.cells.grouping import Bools, Ints
from analysis.statistics.disclosure.exchange import exchangeable
from analysis.statistics.disclosure.programme import Programme

TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Told:
    """A count that is told: of each cell (codes, each once) its first `counts` answers in the order of arrival.

    `cuts`: it asks for more than an agency or a service, a period say; of each such difference one count must say so.
    """

    cells: Ints
    counts: Ints
    cuts: bool = False


@dataclass(frozen=True)
class Leak:
    """Atoms in a group smaller than may be known, and the told counts (places) whose combination tells of it."""

    atoms: tuple[int, ...]
    told: tuple[int, ...]


@dataclass(eq=False)
class Knowledge:
    """All that is told of cells; cell c is of agency `agency[c]` and service `service[c]`, both codes from 0."""

    told: Sequence[Told]
    agency: Ints
    service: Ints
    fewest: int
    matrix: scipy.sparse.csr_matrix = field(init=False)  # (told, atoms): which atoms each count is made of
    sizes: Ints = field(init=False)
    _cell: Ints = field(init=False)
    _safe: Bools = field(init=False)

    def __post_init__(self) -> None:
        self.matrix, self._cell, self.sizes = _atoms(self.told)
        self._safe = self.sizes >= self.fewest
        self._safe |= self._exchangeable()

    def leak(self, active: Bools) -> Leak | None:
        """The first group that is told and too small, if only the told counts that are `active` (T,) are told.

        Counts may be taken back from one call to the next, never added.
        """
        known = self.matrix[active]
        member = np.asarray(known.sum(axis=0)).ravel() > 0
        waiting = np.flatnonzero(member & ~self._safe)
        agency = self.agency[self._cell]
        programme = Programme(known, self.sizes, agency, self.fewest)
        if programme.is_whole:  # one table may prove many agencies' atoms
            waiting = self._still_small(programme, waiting)
        for code in np.unique(agency[waiting]):
            own = self._still_small(programme, waiting[agency[waiting] == code])
            for atom in own:
                (held,), weights = programme.fill(np.array([atom]), wide=True)
                if held < self.fewest - TOLERANCE:
                    group = np.flatnonzero(np.abs(weights @ known) > TOLERANCE)
                    told = np.flatnonzero(active)[np.abs(weights) > TOLERANCE]
                    return Leak((int(atom), *group.tolist()), tuple(told.tolist()))
                self._safe[atom] = True
        return None

    def _still_small(self, programme: Programme, atoms: Ints) -> Ints:
        """Those of the atoms that no table holding many of them at once proves safe."""
        for wide in (True,) if programme.is_whole else (False, True):
            reached = np.ones(1, dtype=bool)
            while atoms.size and reached.any():
                held, _weights = programme.fill(atoms, wide=wide)
                reached = held >= self.fewest - TOLERANCE
                self._safe[atoms[reached]] = True
                atoms = atoms[~reached]
        return atoms

    def accept(self, leak: Leak) -> None:
        """Look no more at a group that nothing can be taken back of."""
        self._safe[list(leak.atoms)] = True

    def _exchangeable(self) -> Bools:
        """Atoms that may be larger at the cost of others told alike but for their agency and service."""
        cuts = np.array([count.cuts for count in self.told], dtype=bool)
        slices = classes(self.matrix[cuts])
        return exchangeable(
            slices, self.agency[self._cell], self.service[self._cell], self.sizes.astype(float), self.fewest
        )


def classes(matrix: scipy.sparse.csr_matrix) -> Ints:
    """A code for each column (N,): the same for equal columns."""
    columns = matrix.tocsc()
    columns.sort_indices()
    known: dict[bytes, int] = {}
    ends = columns.indptr
    codes = [known.setdefault(columns.indices[a:b].tobytes(), len(known)) for a, b in pairwise(ends)]
    return np.array(codes, dtype=np.int64)


def _atoms(told: Sequence[Told]) -> tuple[scipy.sparse.csr_matrix, Ints, Ints]:
    """Which atoms each count is made of (T, N), the cell of each atom (N,) and how many answers it holds (N,).

    The answers of a cell are told in the order of their arrival: two counts that take 5 and 9 of it make atoms of 5
    and of 4.
    """
    lengths = [len(count.cells) for count in told]
    cells, counts = (np.concatenate([getattr(equations, name) for equations in told]) for name in ("cells", "counts"))
    row = np.repeat(np.arange(len(told)), lengths)
    row, cells, counts = (column[counts > 0] for column in (row, cells, counts))
    ends, place = np.unique(np.stack([cells, counts]), axis=1, return_inverse=True)
    place = place.ravel()
    cell, upto = ends
    first = np.searchsorted(cell, cells)
    before = np.where(np.r_[False, cell[1:] == cell[:-1]], np.r_[0, upto[:-1]], 0)
    many = place - first + 1
    atom = np.repeat(first, many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    ones: NDArray[np.float64] = np.ones(len(atom))
    matrix = scipy.sparse.csr_matrix((ones, (np.repeat(row, many), atom)), shape=(len(told), len(cell)))
    return matrix, cell, upto - before
