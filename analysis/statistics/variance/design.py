"""Who was drawn together: design strata, primary sampling units (days of an agency) and sampling fractions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import (
    Bools,
    Floats,
    Groups,
    Ints,
    Rows,
    compress,
    compress_pairs,
    divide,
    is_nested,
    total_by,
    where,
)
from analysis.statistics.cells.weights import Weighting
from analysis.statistics.problems import Caveat, CaveatCode, warn


@dataclass(frozen=True, eq=False)
class Design:
    """Who was drawn together. `stratum` and `psu` (K,), `psu` -1 = none and otherwise unique over all strata;
    `units` (A,) = PSUs + responses without one; `fraction` (A,) = sampling fraction f, 0 without a correction."""

    stratum: Ints
    psu: Ints
    units: Ints
    fraction: Floats

    @property
    def factor(self) -> Floats:
        """(1 - f_a) m_a / (m_a - 1) per stratum; 0 for a stratum with a single PSU (R: lonely.psu = "remove")."""
        several = np.maximum(self.units - 1, 1)
        return np.where(self.units > 1, (1 - self.fraction) * self.units / several, 0.0)


def design_of(cells: Cells, weighting: Weighting, *, fpc: bool, conditional: bool) -> tuple[Design, tuple[Caveat, ...]]:
    """The design of the used cells; under E1 (`conditional`) the strata are the weighting groups."""
    used = weighting.used
    stratum = weighting.calibrations[0].category if conditional else cells.stratum
    labels = cells.post_stratum_labels if conditional else cells.stratum_labels
    psu = _unique_psu(cells)
    units = _units(cells, stratum, psu, used, len(labels))
    fraction, warnings = np.zeros(len(labels)), list[Caveat]()
    if fpc and not cells.has_psu:
        fraction, unknown = _sampling_fractions(cells, stratum, used, len(labels), conditional=conditional)
        if unknown.any():
            warnings.append(warn(CaveatCode.NO_FPC, tuple(labels[a] for a in np.flatnonzero(unknown))))
    lonely = np.flatnonzero(units == 1)
    if lonely.size:
        warnings.append(warn(CaveatCode.LONELY_PSU, tuple(labels[a] for a in lonely)))
    return Design(stratum, psu, units, fraction), tuple(warnings)


def count_units(codes: Ints, responses: Floats, loose: Rows, days: Ints, size: int) -> Floats:
    """PSUs of each code 0..size-1, (size,): the responses of the rows `loose`, and `days`, one row for each PSU."""
    return Groups(codes[loose], size).total(responses[loose]) + np.bincount(codes[days], minlength=size)


def _units(cells: Cells, stratum: Ints, psu: Ints, used: Bools, size: int) -> Ints:
    """PSUs plus responses without one, of each of `size` strata."""
    clustered = np.flatnonzero(used & (psu >= 0)) if cells.has_psu else np.zeros(0, dtype=np.int64)
    loose = where(used & (psu < 0)) if cells.has_psu else where(used)
    days = clustered[compress(psu[clustered]).first]
    return count_units(stratum, cells.counts, loose, days, size).astype(np.int64)


def _unique_psu(cells: Cells) -> Ints:
    """PSU codes made unique over strata: a PSU is named within its stratum."""
    if not cells.has_psu:
        return cells.psu
    rows = np.flatnonzero(cells.psu >= 0)
    if is_nested(cells.stratum[rows], cells.psu[rows]):
        return cells.psu
    unique = np.full(len(cells), -1, dtype=np.int64)
    unique[rows], _, _ = compress_pairs(cells.stratum[rows], cells.psu[rows])
    return unique


def _sampling_fractions(
    cells: Cells, stratum: Ints, used: Bools, size: int, *, conditional: bool
) -> tuple[Floats, Bools]:
    """f_a = n_a / N_a (silent post-strata included in N_a), and the strata of unknown N (a post-stratum in several).

    0 where the answers outnumber the dossiers, in the stratum or in any of its post-strata: such an N is wrong.
    """
    posts = len(cells.caseload)
    answered = total_by(stratum[used], cells.responses[used], size)
    rows = np.flatnonzero(cells.groups[cells.post_stratum] >= 0) if conditional else np.arange(len(cells))
    _, _, first = compress_pairs(stratum[rows], cells.post_stratum[rows])
    stratum_of, post = stratum[rows[first]], cells.post_stratum[rows[first]]
    shared = (np.bincount(post, minlength=posts) > 1)[post]
    population = total_by(stratum_of, cells.caseload[post], size)
    unknown = total_by(stratum_of, shared, size) > 0
    if cells.stratum_population is not None and len(cells.stratum_population) == size:
        population, unknown = cells.stratum_population, np.zeros(size, dtype=bool)
    wrong = total_by(stratum_of, cells.over_response[post], size) > 0
    valid = (population > 0) & (answered <= population) & ~unknown & ~wrong
    return np.where(valid, divide(answered, population, otherwise=0.0), 0.0), unknown & (answered > 0)
