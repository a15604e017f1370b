"""What a figure tells of a few answers because another of the same reader counts the same without them.

Two ways lead there: today's boundaries, which add those of agencies taken over, and a table whose rows pool thin
agencies that its total leaves out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from flask_babel import lazy_gettext

from analysis.figures.figure import AgencyService, Figure, Note
from analysis.figures.query import FigureQuery
from analysis.figures.register import UnitRegister
from analysis.figures.suppression.complement import held_back
from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.primary import FEWEST_STAFF

SAME = lazy_gettext(
    "Không nêu số chỉ hơn, kém một số khác dưới 10 phiếu (theo địa giới lúc ấy, hoặc số chung): lấy hai số trừ nhau "
    "sẽ lộ những phiếu đó."
)
Used = Mapping[str, Mapping[AgencyService, int]]  # answers in the figure of each row


def few_moved(question: FigureQuery, used: Used, register: UnitRegister) -> frozenset[str]:
    """The rows in today's boundaries that hold 1-9 answers more or fewer than at the time, and what tells them."""
    if question.boundaries == "then":
        return frozenset()
    moved = dict.fromkeys(used, 0)
    for row, n in _moves(question, used, register):
        moved[row] = moved.get(row, 0) + n
    few = [row for row, n in moved.items() if 0 < n < FEWEST_STAFF]
    return complement(moved, few, fewest=FEWEST_STAFF) if few else frozenset()


def few_beyond(used: Used, whole: Figure) -> frozenset[str]:
    """The rows of a table that use 1-9 answers which their `whole` leaves out."""
    beyond = {row: sum(n for pair, n in own.items() if pair in whole.unused) for row, own in used.items()}
    return frozenset(row for row, n in beyond.items() if 0 < n < FEWEST_STAFF)


def without(figures: Sequence[Figure], rows: Collection[str]) -> tuple[Figure, ...]:
    """The figures with these rows held back."""
    return tuple(held_back(figure) if figure.domain in rows else figure for figure in figures)


def note_of_same(rows: Collection[str]) -> tuple[Note, ...]:
    """Says why, where there are such rows."""
    return (Note("same_answers", str(SAME)),) if rows else ()


def _moves(question: FigureQuery, used: Used, register: UnitRegister) -> Iterator[tuple[str, int]]:
    """Which row gained or lost how many answers: those of agencies that nobody asked for, or of another area."""
    for row, own in used.items():
        for (agency_id, _service_id), n in own.items():
            if question.agencies is not None and agency_id not in question.agencies:
                yield row, n
            elif question.by == "area" and (area := register.agencies[agency_id].area) != row:
                yield row, n
                yield area or "", n
