"""Which rows of agencies' own tables are held back, beside the province's table by the same and all other agencies'.

Agencies by services (or channels, languages, …) are one table whose margins are told: what few people said of a service
in one agency would be the province's row minus the other agencies' rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from analysis.figures.figure import Figures
from analysis.figures.query import FigureQuery
from analysis.figures.states import state_told
from analysis.figures.weighting.breakdown import domain_of_post_stratum
from analysis.figures.weighting.post_strata import PostStratum
from analysis.figures.weighting.prepare import Prepared
from analysis.statistics.disclosure.complementary import complement_of_lines
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.caching.weighted_lru import State, WeightedLru

CROSSED = ("service", "field", "channel", "language", "respondent_kind")
Totals = frozenset[tuple[str, int | None, int | None]]  # of each row that is told: its domain, `n` and `received`


class CellsByPlace(NamedTuple):
    """`n` and `received` by row and agency (codes), and the agencies whose cell is hidden, by row."""

    measures: tuple[Mapping[str, Mapping[str, int]], ...]
    hidden: Mapping[str, frozenset[str]]


_KNOWN: WeightedLru[CellsByPlace] = WeightedLru(300_000, lambda cells: 50 + sum(map(len, cells.measures[0].values())))


def cells_by_place(province: Figures, agencies: Totals) -> CellsByPlace:
    """The table of agencies by the rows of a question about the whole province.

    Args:
        province: the province's own table, by one of `CROSSED`, for staff.
        agencies: those that the province's table by agency tells.

    Raises ValueError: the table is of another kind, and does not hold the counts of its agencies.
    """
    question = province.question
    if not province.by_agency and province.figures:
        raise ValueError(f"no counts by agency in the table of {question}")
    rows = frozenset(row.domain for row in province.figures if not row.suppressed)
    state = state_told(question)
    kept_under = None if state is None else State((question, agencies, rows), state)
    return _KNOWN.get_in(kept_under, lambda: _hidden(province.by_agency or ({}, {}), agencies, rows))


def totals_of_agencies(whole: Figures) -> Totals:
    """The rows that the province's table by agency tells where it tells all of them; `whole`: its total, for staff.

    Post-strata are pooled inside an agency here as there, so each uses the same answers.
    """
    used, received = whole.by_agency or ({}, {})
    return frozenset((agency, used[row, agency], n) for (row, agency), n in received.items())


def counts_by_agency(question: FigureQuery, prepared: Prepared) -> tuple[Mapping[tuple[str, str], int], ...]:
    """The answers used, and all that came, of each row and agency (codes); (): no agency's row is held against it.

    Those of unknown kind, where kinds are asked about, came to an agency and to none of its rows.
    """
    if question.by not in (None, *CROSSED) or question.agencies is not None or question.audience != "staff":
        return ()
    used, received = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row, disposition in prepared.dispositions.items():
        unknown = {} if question.by else disposition.of_unknown_kind
        parts = ((disposition.used, (used, received)), (disposition.unused, (received,)), (unknown, (received,)))
        for counts, sums in parts:
            for place, n in counts.items():
                agency = domain_of_post_stratum("agency", PostStratum(*place), prepared.register)
                for total in sums if agency else ():
                    total[row, agency or ""] += n
    for cell in received:
        used[cell] += 0
    return used, received


def _hidden(
    measures: tuple[Mapping[tuple[str, str], int], ...], agencies: Totals, rows: frozenset[str]
) -> CellsByPlace:
    told = [{code: totals[place] for code, *totals in agencies} for place in range(len(measures))]
    hidden = {cell for cell, n in measures[0].items() if n < FEWEST_STAFF or cell[1] not in told[0]}
    before = -1
    while len(hidden) > before:
        before = len(hidden)
        for counts, totals in zip(measures, told, strict=True):
            hidden |= _with_lines(counts, totals, rows, hidden)
    return CellsByPlace(tuple(map(_by_row, measures)), _grouped(hidden))


def _with_lines(
    counts: Mapping[tuple[str, str], int],
    totals: Mapping[str, int | None],
    rows: frozenset[str],
    hidden: set[tuple[str, str]],
) -> set[tuple[str, str]]:
    """The hidden cells with what a told row or agency would tell of them; what an agency has in no row is one, too."""
    of_rows, of_agencies = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    names = {f"{row}\n{agency}": (row, agency) for row, agency in counts}
    sizes = {name: counts[cell] for name, cell in names.items()}
    for name, (row, agency) in names.items():
        of_rows[row].append(name)
        of_agencies[agency].append(name)
    gone = {name for name, cell in names.items() if cell in hidden}
    for agency, total in totals.items():
        untold = (total or 0) - sum(sizes[name] for name in of_agencies[agency])
        if 0 < untold < FEWEST_STAFF:
            sizes[f"\n{agency}"] = untold
            of_agencies[agency].append(f"\n{agency}")
            gone.add(f"\n{agency}")
    lines = [*(of_rows[row] for row in rows if row in of_rows), *(of_agencies[agency] for agency in totals)]
    wider = complement_of_lines(sizes, lines, gone, fewest=FEWEST_STAFF)
    return {names[name] for name in wider if name in names}


def _by_row(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    by_row = defaultdict[str, dict[str, int]](dict)
    for (row, agency), n in counts.items():
        by_row[row][agency] = n
    return dict(by_row)


def _grouped(cells: set[tuple[str, str]]) -> dict[str, frozenset[str]]:
    by_row = defaultdict[str, set[str]](set)
    for row, agency in cells:
        by_row[row].add(agency)
    return {row: frozenset(agencies) for row, agencies in by_row.items()}
