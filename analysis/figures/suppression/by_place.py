"""An agency's own figures, for a reader who is told the whole province too: no office is worked out from both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from analysis.figures.figure import Ask, Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, fetch_register
from analysis.figures.suppression.cells_by_place import CROSSED, Totals, cells_by_place, totals_of_agencies
from analysis.figures.suppression.complement import held_back
from analysis.figures.suppression.every_agency_told import tells_every_agency
from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.primary import FEWEST_STAFF

COUNTS = ("n", "received")
WITHOUT_COUNTS = ("newest_held_back",)


def told_by_place(question: FigureQuery, figures: Figures, ask: Ask) -> Figures:
    """The figures without those of places that the province's table by agency holds back, or would let be told.

    An agency that stands hidden there has no page that tells it; a group of agencies is told if what is hidden inside
    it, and what is hidden beside it, is nothing or at least ten. Of those that are told each row is held against the
    same row of the province and of the other agencies.
    """
    if not question.beside or question.agencies is None:
        return figures
    if question.by in (None, "agency") and all(figure.received == 0 for figure in figures.figures):
        return figures  # where nobody answered nothing stands hidden
    province = replace(question, agencies=None, by=None, beside=False)
    every = tells_every_agency(province)
    if every and question.by not in CROSSED:
        return figures
    agencies = fetch_register(fetch_province(question.province).id).agencies
    codes = {agencies[id_].code for id_ in question.agencies if id_ in agencies}
    if every:
        return _rows_told(question, figures, totals_of_agencies(ask(province)), codes, ask)
    table = ask(replace(province, by="agency")).figures
    hidden = {row.domain for row in table if row.suppressed and row.received != 0}
    told = frozenset((row.domain, row.n, row.received) for row in table if not row.suppressed)
    if not hidden & codes:
        return _rows_told(question, figures, told, codes, ask)
    whole = ask(province).total
    if whole.suppressed and whole.received is None:  # no total, nothing to subtract from
        return figures
    if question.by == "agency":
        return replace(figures, figures=tuple(held_back(f) if f.domain in hidden else f for f in figures.figures))
    if len(codes & {row.domain for row in table}) < 2:
        return _nothing(figures)
    own = ask(replace(question, by=None, beside=False)).total
    shown = [row for row in table if not row.suppressed]
    inside = _left(own, [row for row in shown if row.domain in codes])
    beside = _left(whole, [own, *(row for row in shown if row.domain not in codes)])
    if not own.suppressed and all(map(_enough, inside + beside)):
        return _rows_told(question, figures, told, codes, ask)
    return _nothing(figures)


def _rows_told(question: FigureQuery, figures: Figures, agencies: Totals, codes: Collection[str], ask: Ask) -> Figures:
    """Without the rows that, beside the province's and the other agencies', would tell of fewer than ten answers."""
    if question.by not in CROSSED:
        return figures
    province = replace(question, agencies=None, beside=False)
    cells = cells_by_place(ask(province), agencies)
    gone = {
        figure.domain
        for figure in figures.figures
        if not all(
            _enough_of_row(counts.get(figure.domain, {}), cells.hidden.get(figure.domain, ()), codes)
            for counts in cells.measures
        )
    }
    gone |= {figure.domain for figure in figures.figures if gone and figure.suppressed}
    for name in COUNTS:
        counts = {figure.domain: _at_least(figure, name) for figure in figures.figures}
        gone |= complement(counts, gone, fewest=FEWEST_STAFF)
    rows = tuple(held_back(figure) if figure.domain in gone else figure for figure in figures.figures)
    return replace(figures, figures=rows)


def _at_least(figure: Figure, name: str) -> int:
    """A count; one that is hidden stands as 1, the most careful guess."""
    count: int | None = getattr(figure, name)
    return int(figure.received != 0) if count is None else count


def _enough_of_row(counts: Mapping[str, int], hidden: Collection[str], codes: Collection[str]) -> bool:
    """Whether what is hidden of a row inside these agencies, and beside them, is nothing or at least ten."""
    inside = sum(n for code, n in counts.items() if code in codes and code in hidden)
    beside = sum(n for code, n in counts.items() if code not in codes and code in hidden)
    alone = len(codes & counts.keys()) == 1
    return inside == 0 if alone else _enough(inside) and _enough(beside)


def _nothing(figures: Figures) -> Figures:
    """Without figures and without notes, which say how many of the answers are of this kind or that."""
    notes = tuple(note for note in figures.notes if note.code in WITHOUT_COUNTS)
    return replace(figures, figures=tuple(map(held_back, figures.figures)), notes=notes)


def _left(whole: Figure, parts: list[Figure]) -> list[int]:
    """What subtraction leaves, of `n` and of `received`; a count that is hidden stands as nothing."""
    return [(getattr(whole, name) or 0) - sum(getattr(part, name) or 0 for part in parts) for name in COUNTS]


def _enough(rest: int) -> bool:
    return rest == 0 or rest >= FEWEST_STAFF
