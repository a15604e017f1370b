"""How often whoever solves all told selections at once knows a group of 1-9 answers, line by line being held back.

    python -m benchmarks.joined_equations [--worlds 60]

Draws answers of four services in two fields (and of none), three channels and three months; asks which selections are
told (`analysis.statistics.disclosure.selections`); and looks for each small group whose size is a combination of the
told sizes, or the only one that whole numbers of nobody and more leave, to whoever knows which combinations are empty.
"""

from __future__ import annotations

import argparse
import random

import numpy as np
from scipy.optimize import linprog

from analysis.statistics.cells.grouping import Floats
from analysis.statistics.disclosure.selections import Cube
from tests.statistics.test_selections import FEWEST, KEYS, cube_of, members, selections, told

MEANS = (8, 15, 30, 60, 120)  # answers of a combination of finest values, on average; they are drawn exponentially
SAME = 1e-7


def small_groups(cube: Cube) -> tuple[int, int, int]:
    """Groups of 1-9 answers: how many there are, how many told sizes give by adding, how many only by bounds."""
    size = {key: counts[0] for key, counts in cube.cells.items()}
    atoms = sorted(size)
    answers = np.array([size[atom] for atom in atoms], dtype=float)
    equations = np.array(sorted({tuple(float(atom in group) for atom in atoms) for group in told(cube)}))
    candidates = {members(chosen) for chosen, _levels in selections()} | {frozenset({atom}) for atom in atoms}
    groups = {tuple(float(atom in group) for atom in atoms) for group in candidates}
    small = [own for group in groups if 0 < (own := np.array(group)) @ answers < FEWEST]
    if not equations.size:
        return len(small), 0, 0
    _, sizes, basis = np.linalg.svd(equations, full_matrices=False)
    spanning = basis[sizes > SAME * sizes[0]]
    added = [np.allclose(spanning.T @ (spanning @ own), own, atol=SAME) for own in small]
    bounded = [
        not by_adding and _width(own, equations, answers) < 1 for own, by_adding in zip(small, added, strict=True)
    ]
    return len(small), sum(added), sum(bounded)


def _width(group: Floats, equations: Floats, answers: Floats) -> float:
    """Between the least and the most that a group can hold, all told sizes being what they are."""
    least, most = (
        linprog(sign * group, A_eq=equations, b_eq=equations @ answers, method="highs").fun * sign for sign in (1, -1)
    )
    return float(most - least)


def main(arguments: list[str] | None = None) -> None:
    """Prints a line for each mean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=60)
    worlds = parser.parse_args(arguments).worlds
    print(f"{'mean':>5}  {'groups of 1-9':>13}  {'known by adding':>15}  {'by bounds':>9}  worlds with one")
    for mean in MEANS:
        chance = random.Random(mean)
        cubes = [cube_of([int(chance.expovariate(1 / mean)) for _key in KEYS]) for _world in range(worlds)]
        counts = [small_groups(cube) for cube in cubes]
        small, added, bounded = (sum(column) for column in zip(*counts, strict=True))
        some = sum(1 for _small, by_adding, by_bounds in counts if by_adding or by_bounds)
        print(f"{mean:5}  {small:13}  {added:15}  {bounded:9}  {some} of {worlds}")


if __name__ == "__main__":
    main()
