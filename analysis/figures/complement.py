"""What a breakdown for staff holds back beside its thin rows, so that its total minus its rows tells nothing small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import lazy_gettext

from analysis.figures.figure import Figure, Note
from analysis.statistics import Showing
from analysis.statistics.disclosure.complementary import complement_of_all
from analysis.statistics.disclosure.primary import FEWEST_STAFF

BESIDE = lazy_gettext(
    "Vài dòng đủ phiếu cũng không nêu, vì lấy tổng trừ các dòng khác sẽ lộ dòng có ít phiếu hoặc phiếu không rõ "
    "dòng nào."
)
Counts = Mapping[str, int]  # of every row, by domain


def complemented(figures: Sequence[Figure], whole: Figure, measures: Mapping[str, Counts]) -> tuple[Figure, ...]:
    """The rows of a table whose total `whole` is shown beside it; `measures`: their `n` and `received`, uncensored.

    Answers that belong to no row are a hidden row "không rõ": the total minus all rows.
    """
    if whole.suppressed:  # no total, nothing to subtract from
        return tuple(figures)
    tables = []
    for name, counts in measures.items():
        total = getattr(whole, name)
        tables.append((counts, 0 if total is None else total - sum(counts.values())))
    thin = [
        figure.domain
        for figure in figures
        if figure.suppressed and any(counts[figure.domain] for counts in measures.values())
    ]
    hidden = complement_of_all(tables, thin, fewest=FEWEST_STAFF)
    return tuple(_held_back(figure) if figure.domain in hidden else figure for figure in figures)


def note_beside(before: Sequence[Figure], after: Sequence[Figure]) -> tuple[Note, ...]:
    """Says so where a row that holds enough answers is held back."""
    if any(then.suppressed and not was.suppressed for was, then in zip(before, after, strict=True)):
        return (Note("complement_held_back", str(BESIDE)),)
    return ()


def _held_back(figure: Figure) -> Figure:
    return replace(
        figure,
        estimate=None,
        verdict=None,
        shown=Showing.SUPPRESSED,
        n=None,
        answers=None,
        received=None,
        left_out=dict.fromkeys(figure.left_out),
    )
