"""The cells behind a figure, as the file that `flask analysis estimate` turns into the same number.

That command takes cells as given, so a pool of thin post-strata stands in the file as one post-stratum with the sum of
their caseloads, and what no weighted figure uses stands without a caseload. Answers that stand in no figure at all,
since they do not say their respondent kind where it is asked about, are counted in a row of their own. Where the plain
share leaves out the few that nothing weighs (`analysis.figures.suppression.unused`), the file only counts them, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from fractions import Fraction

from analysis.figures.weighting.disposition import KIND_UNKNOWN
from analysis.statistics import Cells
from survey.foundation.tables.csv_output import csv_text

COLUMNS = ("stratum", "post_stratum", "caseload", "psu", "domain", "responses", "satisfied", "left_out")


def cells_csv(cells: Cells, left_out: int = 0, of_used: Set[str] = frozenset()) -> Iterator[str]:
    """CELLS.csv, line by line.

    Args:
        cells: the cells.
        left_out: answers that came and are in none of the cells.
        of_used: the domains whose plain share is made of the answers used.
    """
    return csv_text(COLUMNS, _rows(cells, left_out, of_used))


def _rows(cells: Cells, left_out: int, of_used: Set[str]) -> Iterator[list[object]]:
    if left_out:
        yield [cells.stratum_labels[0], KIND_UNKNOWN, "", "", "", 0, 0, left_out]
    names, caseloads = pool_names(cells), _pool_caseloads(cells)
    for row in range(len(cells)):
        post_stratum = int(cells.post_stratum[row])
        group = int(cells.groups[post_stratum]) if cells.caseload[post_stratum] > 0 else -1
        domain, psu = int(cells.domain[row]), int(cells.psu[row])
        name, responses = cells.domain_labels[domain] if domain >= 0 else "", int(cells.responses[row])
        only_counted = group < 0 and name in of_used
        yield [
            cells.stratum_labels[cells.stratum[row]],
            names[group] if group >= 0 else cells.post_stratum_labels[post_stratum],
            str(caseloads[group]) if group >= 0 else "",
            f"d{psu}" if psu >= 0 else "",
            name,
            *((0, 0, responses) if only_counted else (responses, int(cells.satisfied[row]), "")),
        ]


def pool_names(cells: Cells) -> dict[int, str]:
    """The name of every weighting group: its members' labels, joined."""
    members: dict[int, list[str]] = defaultdict(list)
    for post_stratum, group in enumerate(cells.groups.tolist()):
        if group >= 0 and cells.caseload[post_stratum] > 0:
            members[group].append(cells.post_stratum_labels[post_stratum])
    return {group: " + ".join(labels) for group, labels in members.items()}


def _pool_caseloads(cells: Cells) -> dict[int, Fraction]:
    sums: dict[int, Fraction] = defaultdict(Fraction)
    for group, caseload in zip(cells.groups.tolist(), _exact_caseloads(cells), strict=True):
        if group >= 0:
            sums[group] += caseload
    return sums


def _exact_caseloads(cells: Cells) -> list[Fraction]:
    """The caseload of each post-stratum, written so that the command's point verdict is ours to the last digit."""
    if cells.caseload_ratio is None:
        return [Fraction(caseload) for caseload in cells.caseload.tolist()]
    numerators, denominators = (column.tolist() for column in cells.caseload_ratio)
    return [Fraction(f"{n}/{d}") for n, d in zip(numerators, denominators, strict=True)]
