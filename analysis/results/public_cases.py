"""How a province handled what citizens reported, for everybody: small counts and what would tell them are held back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.figures.case_queries import CaseScope
from analysis.figures.cases import case_tables
from analysis.statistics.case_ratios import CaseFigures
from analysis.statistics.disclosure.primary import SumConstraint, hidden_count, suppress
from survey.feedback.kinds import KIND_WORDS
from survey.foundation.clock import today
from survey.foundation.vocabulary import SECTORS


@dataclass(frozen=True)
class PublicCases:
    """One row: a kind, or (None) all of them. Counts, and shares 0-1; None: held back, or nothing to divide by."""

    kind: str | None
    received: int
    on_time: float | None
    content: float | None
    helped: int | None
    reopened: int | None


def public_cases(province_id: int, year: int) -> list[PublicCases]:
    """The kinds that may be told of, then all of them together; nothing where even all are too few."""
    last = min(dt.date(year, 12, 31), today())
    tables = case_tables(CaseScope(province_id, tuple(SECTORS), dt.date(year, 1, 1), last))
    kinds = [kind for kind in KIND_WORDS if kind in tables.kinds]
    counts = [tables.kinds[kind].received for kind in kinds]
    hidden = suppress([*counts, tables.total.received], [SumConstraint(tuple(range(len(counts))), len(counts))])
    shown = [(kind, tables.kinds[kind]) for kind, is_hidden in zip(kinds, hidden, strict=False) if not is_hidden]
    whole = [] if hidden[-1] else [_row(None, tables.total, lone=len(shown) == len(kinds))]
    return [_row(kind, figures, lone=len(kinds) == 1) for kind, figures in shown] + whole


def _row(kind: str | None, figures: CaseFigures, *, lone: bool) -> PublicCases:
    """`lone`: no other row is held back beside it, or it stands alone: nothing is left to subtract it from."""
    unheard = figures.unhappy - figures.late
    return PublicCases(
        kind,
        figures.received,
        on_time=figures.on_time_share,
        content=None if unheard and hidden_count(unheard) else figures.content_share,
        helped=_told(figures.helped) if lone or kind is None else None,
        reopened=_told(figures.reopened) if lone or kind is None else None,
    )


def _told(count: int) -> int | None:
    return None if hidden_count(count) else count
