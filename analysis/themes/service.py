"""Comments counted by theme, small counts held back: for documents and pages. No words of anybody are given on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.statistics.disclosure.primary import SumConstraint, suppress
from analysis.themes.dictionary import says_nothing, themes_of
from analysis.themes.names import NAMES, UNSORTED
from analysis.themes.queries import CommentScope, fetch_comment_texts
from survey.foundation.caching.transaction_cache import read_once


@dataclass
class Counted:
    """Comments of one agency or of several: all of them, and by theme; of each, those beside a rating of 1-3.

    One comment may speak about several themes, so themes do not add up to `comments`.
    """

    comments: int = 0
    wanting: int = 0
    by_theme: Counter[str] = field(default_factory=Counter)
    wanting_by_theme: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, *, wanting: bool) -> None:
        """Count one comment; one that says there is none is no comment."""
        keys = keys_of(text)
        if not keys:
            return
        self.comments += 1
        self.by_theme.update(keys)
        if wanting:
            self.wanting += 1
            self.wanting_by_theme.update(keys)

    def merge(self, other: Counted) -> None:
        """Add the counts of other agencies."""
        self.comments += other.comments
        self.wanting += other.wanting
        self.by_theme.update(other.by_theme)
        self.wanting_by_theme.update(other.wanting_by_theme)


@dataclass(frozen=True)
class ThemeCount:
    """One theme as it may be shown; None where the count is hidden (under 5, or it would give a hidden one away)."""

    key: str
    name: str
    comments: int | None
    wanting: int | None


@dataclass(frozen=True)
class ThemeCounts:
    """All comments of a scope and its themes, the most frequent first, what fits no theme last."""

    comments: int | None
    wanting: int | None
    themes: tuple[ThemeCount, ...]
    silent: bool  # nobody wrote anything


def theme_names() -> dict[str, str]:
    """The name of every theme by its key in the reader's language, what fits none last."""
    return {key: str(name) for key, name in NAMES.items()}


def keys_of(text: str) -> frozenset[str]:
    """The keys of a comment's themes; of one that fits none UNSORTED, of one that says there is none nothing."""
    if says_nothing(text):
        return frozenset()
    return themes_of(text) or frozenset({UNSORTED})


@read_once
def count_by_agency(scope: CommentScope) -> dict[int, Counted]:
    """One pass over the comments of a scope; none where some were dropped for their age (`scope.is_whole`)."""
    counteds_by_key: dict[int, Counted] = {}
    for agency_id, text, wanting in fetch_comment_texts(scope) if scope.is_whole else ():
        counteds_by_key.setdefault(agency_id, Counted()).add(text, wanting=wanting)
    return counteds_by_key


def count_themes(scope: CommentScope) -> ThemeCounts:
    """The comments of a scope by theme, as staff may see them."""
    return shown(count_by_agency(scope).values())


def shown(counted: Iterable[Counted]) -> ThemeCounts:
    """Counts added up and held back where they are small.

    A line is: rated 1-3, the others, both together. Under 5 is hidden, and its neighbour where the difference would
    tell it.
    """
    total = Counted()
    for counts_of_part in counted:
        total.merge(counts_of_part)
    names = theme_names()
    order = sorted(names, key=lambda key: (key == UNSORTED, -total.by_theme[key], list(names).index(key)))
    rows = [(total.comments, total.wanting), *((total.by_theme[key], total.wanting_by_theme[key]) for key in order)]
    (comments, wanting), *others = _held_back(rows)
    theme_counts = tuple(ThemeCount(key, names[key], *pair) for key, pair in zip(order, others, strict=True))
    return ThemeCounts(comments, wanting, theme_counts, silent=total.comments == 0)


def _held_back(rows: list[tuple[int, int]]) -> list[tuple[int | None, int | None]]:
    counts = [count for every, wanting in rows for count in (wanting, every - wanting, every)]
    lines = [SumConstraint((place, place + 1), place + 2) for place in range(0, len(counts), 3)]
    hidden = suppress(counts, lines)
    return [
        (None if hidden[3 * row + 2] else every, None if hidden[3 * row] else wanting)
        for row, (every, wanting) in enumerate(rows)
    ]
