"""Which figures of cases may be told: small groups, and what would tell them by subtraction, are held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from analysis.statistics.case_ratios import CaseFigures
from analysis.statistics.disclosure.primary import SumConstraint, hidden_count, suppress

Key = TypeVar("Key")


@dataclass(frozen=True)
class ToldCases:
    """Counts, and shares 0-1; None: held back, or nothing to divide by."""

    received: int
    on_time: float | None
    content: float | None
    helped: int | None
    reopened: int | None


def told_groups(groups: Mapping[Key, CaseFigures], total: CaseFigures) -> tuple[dict[Key, ToldCases], ToldCases | None]:
    """The groups that may be told of, in their order, and all of them together (None where even that is too few)."""
    keys = list(groups)
    counts = [groups[key].received for key in keys]
    hidden = suppress([*counts, total.received], [SumConstraint(tuple(range(len(counts))), len(counts))])
    shown = [key for key, is_hidden in zip(keys, hidden, strict=False) if not is_hidden]
    rows = {key: _told(groups[key], lone=len(keys) == 1) for key in shown}
    return rows, None if hidden[-1] else _told(total, lone=True)


def _told(figures: CaseFigures, *, lone: bool) -> ToldCases:
    """`lone`: it stands alone or for all: nothing beside it is left to subtract it from."""
    unheard = figures.unhappy - figures.late
    return ToldCases(
        figures.received,
        on_time=figures.on_time_share,
        content=None if unheard and hidden_count(unheard) else figures.content_share,
        helped=_count(figures.helped) if lone else None,
        reopened=_count(figures.reopened) if lone else None,
    )


def _count(count: int) -> int | None:
    return None if hidden_count(count) else count
