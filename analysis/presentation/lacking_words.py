"""Of which part a caseload is not: what is missing in N, named beside the N and the response rate that stand on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flask_babel import gettext as _

from analysis.figures.figure import Figure
from survey.foundation.formatting import number
from survey.foundation.periods import month_label

MOST_NAMES = 3
MOST_GROUPS = 4


def lacking_words(figures: Iterable[Figure]) -> str:
    """As "tháng 10/2026, tháng 11/2026 của 18 đơn vị; cả kỳ ở Trạm Y tế xã Ea Nhỏ"; '' where nothing is missing.

    Of all `figures` that show an N; the most agencies first.
    """
    agencies_by_months: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for figure in figures:
        if figure.caseload is not None:
            for agency, months in figure.lacking:
                agencies_by_months[months].add(agency)
    groups = sorted(agencies_by_months.items(), key=lambda group: (-len(group[1]), group[0]))
    words = [_group_words(months, sorted(agencies)) for months, agencies in groups[:MOST_GROUPS]]
    return "; ".join([*words, *[_("và các tháng khác của vài đơn vị")] * (len(groups) > MOST_GROUPS)])


def part_words(figure: Figure) -> str:
    """In brackets behind one N; '' where it is whole."""
    words = lacking_words([figure])
    return str(_("(chỉ phần đã có số hồ sơ; thiếu %(what)s)", what=words)) if words else ""


def _group_words(months: tuple[str, ...], agencies: list[str]) -> str:
    whose = ", ".join(agencies) if len(agencies) <= MOST_NAMES else _("%(n)s đơn vị", n=number(len(agencies)))
    if not months:
        return str(_("cả kỳ ở %(agencies)s", agencies=whose))
    return str(_("%(months)s của %(agencies)s", months=", ".join(map(month_label, months)), agencies=whose))
