"""Which column a heading means: its name, or the words offices use for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from survey.foundation.vocabulary import CASELOAD_UNITS
from survey.registry.files.columns import FileColumn, whole_number
from survey.registry.files.words import (
    all_words,
    header_words,
    in_brackets,
    plain_words,
    says_nothing_more,
    value_of,
)


@dataclass(frozen=True)
class Headings:
    """The columns of a kind of file."""

    kind: str
    columns: tuple[FileColumn, ...]
    chosen: Mapping[str, str] = field(default_factory=dict)  # headings that people said which column they mean
    more_fit: Callable[[Sequence[str]], int] | None = None  # what else makes a line a header
    _by_words: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """A column's plain name counts where no other has the same, and no word of offices means another column."""
        if self.chosen:
            self._by_words.update(self.chosen)
            return
        plain = Counter(plain_words(column.name) for column in self.columns)
        alone = {
            plain_words(column.name): column.name for column in self.columns if plain[plain_words(column.name)] == 1
        }
        self._by_words.update(alone)
        self._by_words.update(header_words(self.kind))

    @classmethod
    def of(cls, kind: str, columns: Iterable[FileColumn]) -> Headings:
        """The headings of a kind's columns."""
        return cls(kind, tuple(columns))

    def choosing(self, chosen: Mapping[str, str]) -> Headings:
        """The same with headings whose columns people chose; all others are passed over."""
        return replace(self, chosen=chosen, _by_words={})

    @property
    def required(self) -> frozenset[str]:
        """The columns a file must have."""
        return frozenset(column.name for column in self.columns if column.required)

    @property
    def names(self) -> frozenset[str]:
        """All columns."""
        return frozenset(column.name for column in self.columns)

    def column(self, heading: str) -> str | None:
        """The column a heading means, written as it is or in other words; None if none of these, or several."""
        if not self.chosen and heading.strip().lower() in self.names:
            return heading.strip().lower()
        name = self._by_words.get(all_words(heading) if self.chosen else plain_words(heading))
        return None if name not in self.names or self._counts_others(name, heading) else name

    def _counts_others(self, name: str, heading: str) -> bool:
        """Whether brackets make it a count of other things: "Số hồ sơ (tồn kỳ trước)", "Đã giải quyết (đúng hạn)"."""
        if self.chosen or not any(column.name == name and column.parse is whole_number for column in self.columns):
            return False
        return not all(
            says_nothing_more(words) or value_of(words, CASELOAD_UNITS) or self._by_words.get(words) == name
            for words in in_brackets(heading)
        )

    def holds_code(self, heading: str) -> bool:
        """Whether a heading is that of codes."""
        named = self.column(heading)
        return any(column.name == named and column.names for column in self.columns)

    def fit(self, cells: Sequence[str]) -> int:
        """How many different columns a line names."""
        named = len({self.column(cell) for cell in cells if cell} - {None})
        return named + (self.more_fit(cells) if self.more_fit and named else 0)
