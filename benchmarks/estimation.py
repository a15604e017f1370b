"""How long estimation takes from ready cells, alone and as a ratio to one numpy.bincount pass over the same cells.

    python -m benchmarks.estimation [--quick]

Two cases, one thread: 300 agencies with verdicts from 20,000 cells without days (aim: 5 ms), and the same
agencies from 200,000 cells of days (aim: 100 ms).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from analysis.statistics import Cells, Threshold, estimate, judge_all

AGENCIES, SERVICES = 300, 12


def random_cells(cells: int, *, clustered: bool, seed: int = 1) -> Cells:
    """About `cells` cells of 300 agencies x 12 services, spread over days if `clustered`."""
    rng = np.random.default_rng(seed)
    services = SERVICES if clustered else cells // AGENCIES
    agency = np.repeat(np.arange(AGENCIES), cells // AGENCIES)
    service = rng.integers(services, size=len(agency)) if clustered else np.tile(np.arange(services), AGENCIES)
    post = agency * services + service
    responses = rng.integers(1, 12, size=len(agency))
    satisfied = rng.binomial(responses, rng.uniform(0.6, 0.95, size=AGENCIES)[agency])
    answered = np.bincount(post, weights=responses, minlength=AGENCIES * services)
    days = 250
    psu = agency * days + np.arange(len(agency)) % days if clustered else np.full(len(agency), -1)
    names = tuple(f"agency-{i:03d}" for i in range(AGENCIES))
    return Cells(
        stratum=agency,
        post_stratum=post,
        psu=psu,
        domain=agency,
        responses=responses,
        satisfied=satisfied,
        caseload=np.floor(answered * rng.uniform(1.5, 8, size=len(answered))) + 1,
        stratum_labels=names,
        post_stratum_labels=tuple(f"{i}" for i in range(AGENCIES * services)),
        domain_labels=names,
    )


def best_of(work: Callable[[Cells], object], cells: Cells, repeats: int) -> float:
    """Least processor time of `repeats` runs, seconds: on a busy machine the clock would time the others too.

    Each run gets cells of its own, so that nothing kept from the run before it is left out of the time.
    """
    times = []
    for _ in range(repeats):
        fresh = replace(cells)
        start = time.process_time()
        work(fresh)
        times.append(time.process_time() - start)
    return min(times)


def measure(cells: Cells, repeats: int) -> tuple[float, float]:
    """(seconds for estimates and verdicts, seconds for one bincount over the cells)."""
    target = Threshold.parse(">80")
    whole = best_of(lambda cells_: judge_all(estimate(cells_, fpc=False).domains, target), cells, repeats)
    return whole, best_of(lambda cells_: np.bincount(cells_.post_stratum, weights=cells_.responses), cells, repeats)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the cells, three repeats")
    quick = parser.parse_args(arguments).quick
    scale, repeats = (10, 3) if quick else (1, 30)
    print(f"{'case':<42}{'cells':>9}{'ms':>9}{'x bincount':>12}")
    for name, size, clustered in (("300 agencies, verdicts", 20_000, False), ("the same, days", 200_000, True)):
        cells = random_cells(size // scale, clustered=clustered)
        whole, single = measure(cells, repeats)
        print(f"{name:<42}{len(cells):>9,}{whole * 1e3:>9.2f}{whole / single:>12.0f}")


if __name__ == "__main__":
    main()
