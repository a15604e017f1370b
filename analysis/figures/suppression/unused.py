"""The few answers that no caseload weighs: what they said is not told beside a weighted share, which leaves them out.

A plain share counts every answer, the weighted one those it uses. Where an agency has one service the two tell what
the others said. So where these are 1-9 the plain figures count the used ones alone; and so do those of further rows,
until what subtraction from the table's total leaves is nothing or at least ten
(docs/statistics.md, "Suppression").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from flask_babel import lazy_gettext

from analysis.figures.figure import AgencyService, Figure, Note, PlainShare
from analysis.figures.suppression.complement import held_back
from analysis.figures.weighting.disposition import Disposition
from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.weights import post_stratify
from analysis.statistics.disclosure.complementary import complement_of_all
from analysis.statistics.disclosure.primary import FEWEST_STAFF, Showing, hidden_count
from analysis.statistics.domains import DomainEstimate, plain_counts

FEW = lazy_gettext(
    "Nơi có dưới 10 phiếu không rõ dịch vụ hoặc chưa có số hồ sơ, tỷ lệ chưa gia quyền và các mức trả lời cũng không "
    "tính những phiếu ấy, để phép trừ không làm lộ chúng."
)


def unused_in(estimate: DomainEstimate | None) -> int:
    """How many answers plain figures tell beside the weighted share: all of them where nothing weighs."""
    if estimate is None:
        return 0
    return estimate.responses - (estimate.n if estimate.estimate is not None else 0)


def plain_shares_of_used(cells: Cells, domains: Sequence[DomainEstimate]) -> dict[str, PlainShare]:
    """The plain counts of the answers used, by domain, where a weighted share leaves some out."""
    if not any(domain.estimate is not None and unused_in(domain) for domain in domains):
        return {}
    used = plain_counts(replace(cells, domain=np.where(post_stratify(cells).weight > 0, cells.domain, -1)))
    columns = (used.responses.tolist(), used.satisfied.tolist(), used.share.tolist())
    shares = dict(zip(cells.domain_labels, map(PlainShare, *columns), strict=True))
    return {
        domain.domain: shares[domain.domain] for domain in domains if domain.estimate is not None and unused_in(domain)
    }


def plainly_of_used(
    cells: Cells, rows: Sequence[DomainEstimate], whole: DomainEstimate | None = None
) -> list[DomainEstimate]:
    """The rows, their plain figures made of the answers used as soon as one, or the rest, tells of 1-9 others.

    For tables that are put together with those of other places. `whole`: their total, where it stands beside them.
    """
    unused = [unused_in(row) for row in rows]
    rest = 0 if whole is None else unused_in(whole) - sum(unused)
    if not any(0 < n < FEWEST_STAFF for n in (*unused, rest)):
        return list(rows)
    of_used = plain_shares_of_used(cells, rows)
    return [_with_plain(row, of_used[row.domain]) if row.domain in of_used else row for row in rows]


def kept_out_of(disposition: Disposition) -> frozenset[AgencyService]:
    """Whose answers are left out of plain figures then: everybody's, where only some of somebody's are used."""
    unused, used = disposition.unused.keys(), disposition.used.keys()
    return frozenset(unused | used if unused & used else unused)


def without_few_unused(
    figures: Sequence[Figure], unused: Mapping[str, int] | None = None, whole: Figure | None = None
) -> tuple[Figure, ...]:
    """The figures as plain figures may be told.

    Args:
        figures: the rows of a table, or one figure alone.
        unused: `unused_in` every row, also of those that are held back; None: as far as the figures tell.
        whole: the table's total, where it stands beside them.
    """
    told = {figure.domain: unused_in(figure.estimate) for figure in figures}
    counts = {figure.domain: 1 if figure.suppressed and figure.received != 0 else 0 for figure in figures}
    counts = {**counts, **{domain: n for domain, n in told.items() if n}, **(unused or {})}
    few = {figure.domain for figure in figures if figure.of_used and told[figure.domain] < FEWEST_STAFF}
    if whole is not None and whole.estimate is not None and not whole.kept_out:
        unknown = few | {figure.domain for figure in figures if figure.suppressed}
        rest = unused_in(whole.estimate) - sum(counts.values())
        few |= complement_of_all([(counts, rest)], unknown, fewest=FEWEST_STAFF) - unknown
    return tuple(_of_used(figure) if figure.domain in few else figure for figure in figures)


def without_what_a_whole_leaves_out(figures: Sequence[Figure], whole: Figure) -> list[Figure]:
    """Months or years, the smallest of them held back until what they tell beyond their whole is nothing to subtract.

    Each is weighed as a period of its own: it may use a few answers that the whole leaves out of its plain share.
    """
    parts, left = list(figures), (whole.answers or 0) - sum(figure.answers or 0 for figure in figures)
    while whole.kept_out and left != 0 and left < FEWEST_STAFF and any(figure.answers for figure in parts):
        place = min((figure.answers, place) for place, figure in enumerate(parts) if figure.answers)[1]
        left += parts[place].answers or 0
        parts[place] = held_back(parts[place])
    return parts


def note_of_used(figures: Sequence[Figure]) -> tuple[Note, ...]:
    """Says so where plain figures count the answers used alone."""
    return (Note("few_unused", str(FEW)),) if any(figure.kept_out for figure in figures) else ()


def _of_used(figure: Figure) -> Figure:
    """The same, its plain figures made of the answers used; of a row that has no others, nothing."""
    estimate, plain = figure.estimate, figure.of_used
    if estimate is None:
        return figure
    if plain is None:
        return replace(figure, estimate=None, verdict=None, shown=Showing.SUPPRESSED, n=None, answers=None)
    return replace(
        figure,
        estimate=_with_plain(estimate, plain),
        answers=None if hidden_count(plain.n) else plain.n,
        kept_out=figure.unused,
    )


def _with_plain(estimate: DomainEstimate, plain: PlainShare) -> DomainEstimate:
    return replace(estimate, responses=plain.n, satisfied=plain.satisfied, unweighted=plain.share)
