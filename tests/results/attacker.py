"""The attacker at a table of counts: every count told is an equation, and whatever follows from all of them is tried.

The unknowns are atoms, the smallest groups of answers that could be told apart (an agency's answers about a service in
a month, say). A group can be worked out exactly when its indicator is a combination of the equations' rows. For each
atom that holds answers the smallest group around it is looked for, by linear programming over all combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from scipy.optimize import linprog

from analysis.statistics.cells.grouping import Floats

Atom = TypeVar("Atom", bound=Hashable)


@dataclass(frozen=True)
class Leak(Generic[Atom]):
    """A group that follows from what is told, with how many answers it holds; `by` names the equations combined."""

    answers: float
    group: tuple[Atom, ...]
    by: tuple[str, ...]


@dataclass
class Attacker(Generic[Atom]):
    """Who knows how many answers each atom holds only by what is told."""

    truth: dict[Atom, int]
    names: list[str] = field(default_factory=list)
    _rows: list[list[float]] = field(default_factory=list)

    def hears(self, name: str, count: int, belongs: Callable[[Atom], bool]) -> None:
        """A count that is told, of the atoms that belong to it.

        Raises:
            AssertionError: it is not their sum: the model of what is told is wrong.
        """
        row = [float(belongs(atom)) for atom in self.truth]
        meant = sum(answers for atom, answers in self.truth.items() if belongs(atom))
        assert meant == count, f"{name}: told {count}, made of {meant}"
        self.names.append(name)
        self._rows.append(row)

    def leaks(self, fewest: int) -> list[Leak[Atom]]:
        """Groups of 1 to `fewest` - 1 answers that can be worked out; each once."""
        if not self._rows:
            return []
        equations = np.array(self._rows)
        atoms, answers = list(self.truth), np.array(list(self.truth.values()), dtype=float)
        told = equations @ answers
        leaks: dict[tuple[Atom, ...], Leak[Atom]] = {}
        for place in np.flatnonzero((answers > 0) & equations.any(axis=0)):
            weights = _smallest(equations, told, int(place))
            group = weights @ equations
            count = float(group @ answers)
            if 0.5 < count < fewest - 0.5:
                members = tuple(atoms[i] for i in np.flatnonzero((group > 1e-6) & (answers > 0)))
                by = tuple(f"{weights[i]:+.2g} {self.names[i]}" for i in np.flatnonzero(abs(weights) > 1e-6))
                leaks.setdefault(members, Leak(round(count, 3), members, by))
        return list(leaks.values())


def _smallest(equations: Floats, told: Floats, place: int) -> Floats:
    """The combination of equations that makes the smallest group with this atom in it, each atom at most once."""
    others = np.delete(equations, place, axis=1).T
    result = linprog(
        told,
        A_ub=np.vstack([others, -others]),
        b_ub=np.concatenate([np.ones(len(others)), np.zeros(len(others))]),
        A_eq=equations[:, [place]].T,
        b_eq=[1.0],
        bounds=(None, None),
        method="highs",
    )
    assert result.success, result.message
    return np.asarray(result.x)


def names_of(leaks: Sequence[Leak[Atom]]) -> str:
    """For a failing test."""
    return "\n".join(f"{leak.answers:g} answers: {leak.group} from {' '.join(leak.by)}" for leak in leaks)
