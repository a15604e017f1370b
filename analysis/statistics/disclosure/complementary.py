"""What a published table must hide beside what is too small by itself, so that subtraction gives nothing back.

Pure functions on counts of answers; the rules of docs/statistics.md, "Suppression", taken strictly: whatever a reader
can work out by subtracting published figures must itself be publishable, that is rest on no answer or on 30 and more.
(`analysis.statistics.disclosure.primary` does the same for tables of counts alone, where the limit is 5.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from analysis.statistics.disclosure.primary import FEWEST_COUNT, FEWEST_PUBLIC, hidden_count


def complement(
    counts: Mapping[str, int], hidden: Iterable[str], *, untold: int = 0, fewest: int = FEWEST_PUBLIC
) -> frozenset[str]:
    """The rows of a table with a published total that must be hidden.

    One hidden row would be total minus the others; two that hold few answers would say almost as much. So the smallest
    shown rows are hidden as well until the hidden ones are at least two and hold `fewest` answers. Rows without answers
    have nothing to hide. Answers of no row are a hidden row of their own, which is too small only by its size.

    Args:
        counts: answers of every row.
        hidden: the rows that are too small by themselves.
        untold: the total minus all rows, answers that name no service say.
        fewest: what may be worked out by subtraction (public 30, staff 10).
    """
    gone = {row for row in hidden if counts[row] > 0}
    if not gone and (untold <= 0 or untold >= fewest):
        return frozenset()
    others = max(untold, 0)
    candidates = sorted((row for row in counts if row not in gone and counts[row] > 0), key=lambda r: (counts[r], r))
    for row in candidates:
        if len(gone) + (others > 0) > 1 and others + sum(counts[secret] for secret in gone) >= fewest:
            break
        gone.add(row)
    return frozenset(gone)


def complement_of_lines(
    counts: Mapping[str, int], lines: Iterable[Iterable[str]], hidden: Iterable[str], *, fewest: int = FEWEST_PUBLIC
) -> frozenset[str]:
    """The cells of a table that must be hidden where the sum of each line is told elsewhere, to a fixed point.

    Args:
        counts: answers of every cell.
        lines: cells that add up to something told: a row, a column, the months of a year.
        hidden: the cells that are too small by themselves.
        fewest: what may be worked out by subtraction (public 30, staff 10).
    """
    through: dict[str, list[dict[str, int]]] = defaultdict(list)
    for line in lines:
        own = {cell: counts[cell] for cell in line}
        for cell in own:
            through[cell].append(own)
    gone = {cell for cell in hidden if counts[cell] > 0}
    waiting = sorted(gone)
    while waiting:
        for own in through[waiting.pop()]:
            more = complement(own, gone & own.keys(), fewest=fewest) - gone
            gone |= more
            waiting += sorted(more)
    return frozenset(gone)


def told_levels(counts: Mapping[int, int]) -> dict[int, int | None]:
    """How many gave each answer to a question, as staff may read it beside their sum; None: held back.

    Counts of 1-4 are, with the smallest others from which they would follow; wherever the same answers are counted the
    same are.
    """
    names = {str(answer): n for answer, n in counts.items()}
    hidden = complement(names, [name for name, n in names.items() if hidden_count(n)], fewest=FEWEST_COUNT)
    return {answer: None if str(answer) in hidden else n for answer, n in counts.items()}


def complement_of_all(
    measures: Iterable[tuple[Mapping[str, int], int]], hidden: Iterable[str], *, fewest: int = FEWEST_PUBLIC
) -> frozenset[str]:
    """The same where each row shows several counts: (count of every row, the total minus all rows) of each."""
    tables, gone = list(measures), frozenset(hidden)
    while True:
        wider = gone.union(*(complement(counts, gone, untold=untold, fewest=fewest) for counts, untold in tables))
        if wider == gone:
            return gone
        gone = wider


def is_safe_difference(difference: int) -> bool:
    """Whether what lies between two published figures of one unit may be worked out."""
    return difference == 0 or abs(difference) >= FEWEST_PUBLIC
