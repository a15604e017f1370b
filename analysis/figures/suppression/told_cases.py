"""Which figures of cases may be told: small groups, and what would tell them by subtraction, are held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from analysis.statistics.case_ratios import CaseFigures
from analysis.statistics.disclosure.complementary import complement
from analysis.statistics.disclosure.primary import FEWEST_COUNT, SumConstraint, hidden_count, suppress

Key = TypeVar("Key")


@dataclass(frozen=True)
class ToldCases:
    """Counts, and shares 0-1; None: held back, or nothing to divide by."""

    received: int
    on_time: float | None
    content: float | None
    helped: int | None
    reopened: int | None


def told_tables(
    tables: Mapping[str, Mapping[Key, CaseFigures]], total: CaseFigures
) -> tuple[dict[str, dict[Key, ToldCases]], ToldCases | None]:
    """Of each table the groups that may be told of, in their order, and all cases together (None: even they are few).

    How many said that an answer did not help follows from a content share: of a group, or what the total and the other
    groups leave of it, it is none or at least five.
    """
    hidden = {name: _hidden(groups, total) for name, groups in tables.items()}
    shown = {name: {key: g for key, g in groups.items() if key not in hidden[name]} for name, groups in tables.items()}
    quiet = {name: _quiet(groups, total) for name, groups in shown.items()}
    rows = {
        name: {
            key: _told(group, lone=len(tables[name]) == 1, quiet=key in quiet[name]) for key, group in groups.items()
        }
        for name, groups in shown.items()
    }
    if any(TOTAL in keys for keys in hidden.values()):
        return rows, None
    return rows, _told(total, lone=True, quiet=any(TOTAL in keys for keys in quiet.values()))


TOTAL = None  # beside the groups' own keys


def _hidden(groups: Mapping[Key, CaseFigures], total: CaseFigures) -> set[Key | None]:
    """The groups, and TOTAL, whose number of cases is not told."""
    keys = [*groups, TOTAL]
    counts = [*(group.received for group in groups.values()), total.received]
    hidden = suppress(counts, [SumConstraint(tuple(range(len(groups))), len(groups))])
    return {key for key, is_hidden in zip(keys, hidden, strict=True) if is_hidden}


def _quiet(groups: Mapping[Key, CaseFigures], total: CaseFigures) -> set[Key | None]:
    """The groups, and TOTAL, whose content share would tell what fewer than five said."""
    keys = {str(place): key for place, key in enumerate(groups)}
    unheard = {place: _unheard(groups[key]) for place, key in keys.items()}
    untold = _unheard(total) - sum(unheard.values())
    few = [place for place, count in unheard.items() if count and hidden_count(count)]
    gone = complement(unheard, few, untold=untold, fewest=FEWEST_COUNT)
    secret = [count for count in (*(unheard[place] for place in gone), untold) if count]
    told_by_total = bool(secret) and (sum(secret) < FEWEST_COUNT or len(gone) == len(secret) == 1)
    return {*(keys[place] for place in gone), *([TOTAL] if told_by_total else [])}


def _unheard(figures: CaseFigures) -> int:
    """Who said that an answer given in time did not help."""
    return figures.unhappy - figures.late


def _told(figures: CaseFigures, *, lone: bool, quiet: bool) -> ToldCases:
    """`lone`: it stands alone or for all: nothing beside it is left to subtract it from."""
    return ToldCases(
        figures.received,
        on_time=figures.on_time_share,
        content=None if quiet else figures.content_share,
        helped=_count(figures.helped) if lone else None,
        reopened=_count(figures.reopened) if lone else None,
    )


def _count(count: int) -> int | None:
    return None if hidden_count(count) else count
