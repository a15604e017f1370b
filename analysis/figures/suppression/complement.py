"""What a breakdown holds back beside its thin rows, so that its total minus its rows tells nothing small."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from flask_babel import lazy_gettext

from analysis.figures.figure import Figure, Figures, Note
from analysis.statistics import Showing
from analysis.statistics.disclosure.complementary import complement_of_all
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC, FEWEST_STAFF

BESIDE = lazy_gettext(
    "Vài dòng đủ phiếu cũng không nêu, vì lấy tổng trừ các dòng khác sẽ lộ dòng có ít phiếu hoặc phiếu không rõ "
    "dòng nào."
)
Counts = Mapping[str, int]  # of every row, by domain


def complemented(
    figures: Sequence[Figure],
    whole: Figure,
    measures: Mapping[str, Counts],
    telling: Collection[str] = (),
    *,
    beside: Callable[[Collection[str]], frozenset[str]] = frozenset,
    fewest: int = FEWEST_STAFF,
) -> tuple[Figure, ...]:
    """The rows of a table whose total `whole` is shown beside it; `measures`: their `n` and `received`, uncensored.

    Answers that belong to no row are a hidden row "không rõ": the total minus all rows. Rows `telling` (domains) what
    another table of the same answers holds back are held back with the thin ones; `beside` says which more go with
    these.
    """
    if whole.suppressed:  # how many came is told of 5-9, too: total minus one row would be another
        untold = whole.n is None and whole.received is None
        return tuple(held_back(row) if row.suppressed and row.received != 0 and not untold else row for row in figures)
    tables = []
    for name, counts in measures.items():
        total = getattr(whole, name)
        tables.append((counts, 0 if total is None else total - sum(counts.values())))
    thin = frozenset(
        figure.domain
        for figure in figures
        if (figure.suppressed or figure.domain in telling)
        and any(counts[figure.domain] for counts in measures.values())
    )
    hidden = complement_of_all(tables, beside(thin), fewest=fewest)
    return tuple(held_back(figure) if figure.domain in hidden else figure for figure in figures)


def parts_beside(parts: Sequence[Figure], whole: Figure) -> tuple[Figure, ...]:
    """Months or years beside the period they are of, as they may be told; a count that is hidden stands as 1."""
    measures = {
        name: {part.domain: at_least(getattr(part, name)) for part in parts} for name in ("answers", "received")
    }
    return complemented(parts, whole, measures)


def at_least(count: int | None) -> int:
    """The most careful guess at a count; a hidden one (1-4) stands as 1."""
    return 1 if count is None else count


def telling_of_parts(
    measures: Mapping[str, Counts], parts: Sequence[Figure], domain_of: Mapping[str, str]
) -> frozenset[str]:
    """The rows from which a thin part could be worked out: the row minus those of its parts that are shown.

    Where one is, every row with a hidden part is: what tells one hidden part by itself lets another be worked out from
    the total of both.

    Args:
        measures: `n` and `received` of every row, uncensored.
        parts: the rows of the finer table, as its readers see them.
        domain_of: the row that a part belongs to, by the part's domain.
    """
    telling = frozenset[str]()
    for name, counts in measures.items():
        left = dict(counts)
        for part in parts:
            domain = domain_of.get(part.domain, "")
            if domain in left and not part.suppressed:
                left[domain] -= getattr(part, name) or 0
        if any(0 < count < FEWEST_STAFF for count in left.values()):
            telling |= {domain for domain, count in left.items() if count > 0}
    return telling


def for_everyone(figures: Figures, whole: Figure) -> Figures:
    """A table as the public may read it beside its total: no count of a row without a share, nothing by subtraction.

    `figures` and `whole` are answers for the public; a count that is hidden (1-4) stands as 1, the most careful guess.
    """
    measures = {
        name: {row.domain: 1 if (count := getattr(row, name)) is None else count for row in figures.figures}
        for name in ("n", "received")
    }
    rows = complemented(figures.figures, whole, measures, fewest=FEWEST_PUBLIC) if figures.question.by else (whole,)
    return replace(
        figures,
        figures=tuple(held_back(row) if row.suppressed else row for row in rows),
        notes=figures.notes + note_beside(figures.figures, rows),
    )


def note_beside(before: Sequence[Figure], after: Sequence[Figure]) -> tuple[Note, ...]:
    """Says so where a row that holds enough answers is held back."""
    if any(then.suppressed and not was.suppressed for was, then in zip(before, after, strict=True)):
        return (Note("complement_held_back", str(BESIDE)),)
    return ()


def is_untold(figure: Figure) -> bool:
    """Held back, or of so few (1-4) that not even how many came is told."""
    return figure.suppressed and figure.received is None


def held_back(figure: Figure) -> Figure:
    """The same without anything that tells of its answers."""
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
