"""How a figure was worked out, step by step, for the page "cách tính"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.desk.cells_file import pool_names
from analysis.figures.figure import Figures
from analysis.figures.register import UnitRegister
from analysis.figures.weighting.names import kind_words, quarter_words
from analysis.statistics import Cells
from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from analysis.statistics.weights import post_stratify
from survey.foundation.vietnamese import sort_key


@dataclass(frozen=True)
class PostStratumRow:
    """One post-stratum; `weight`: dossiers each answer stands for (None: it counts in no weighted figure).

    `quarter` in words, '' in periods of up to three months. `satisfied` is None where fewer than 10 answered, and where
    it would tell of those. `pool` names the pool it is weighted in, if any.
    """

    agency: str
    agency_code: str
    service: str
    kind: str
    quarter: str
    caseload: float
    n: int
    satisfied: int | None
    weight: float | None
    pool: str | None


def post_strata(figures: Figures, register: UnitRegister) -> list[PostStratumRow]:
    """Every post-stratum of the figure, silent ones too, by agency and service."""
    cells = figures.cells
    if cells is None:
        return []
    size = len(cells.caseload)
    n = np.bincount(cells.post_stratum, weights=cells.responses, minlength=size)
    satisfied = np.bincount(cells.post_stratum, weights=cells.satisfied, minlength=size)
    weights = np.zeros(size)
    np.maximum.at(weights, cells.post_stratum, post_stratify(cells).weight)
    pools = _pools(cells)
    answered = {str(i): int(count) for i, count in enumerate(n)}
    thin = [i for i, count in answered.items() if count < FEWEST_STAFF]
    hidden = complement(answered, thin, fewest=FEWEST_STAFF)
    rows = []
    agencies = {agency.code: agency.name for agency in register.agencies.values()}
    services = {service.code: service.name for service in register.services.values()}
    for i, name in enumerate(figures.post_strata):
        rows.append(
            PostStratumRow(
                agencies[name.agency],
                name.agency,
                services.get(name.service, name.unnamed),
                kind_words(name.kind),
                quarter_words(name.quarter),
                float(cells.caseload[i]),
                int(n[i]),
                None if str(i) in hidden or not n[i] else int(satisfied[i]),
                float(weights[i]) or None,
                pools.get(i),
            )
        )
    return sorted(rows, key=lambda row: (sort_key(row.agency), sort_key(row.service), row.kind, row.quarter))


def _pools(cells: Cells) -> dict[int, str]:
    names = pool_names(cells)
    return {
        i: names[group] for i, group in enumerate(cells.groups.tolist()) if group in names and " + " in names[group]
    }
