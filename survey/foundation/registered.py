"""One idiom for what is registered by name: item types, detectors, parts of reports, exports, formats, kinds of files.

A kind's register stands in one place where all its members are seen, most often as one literal::

    ITEM_TYPES: Registered[type[Item]] = Registered("item type", {"rating": RatingItem})

What stands further down in the order of imports and cannot name its members is filled with `add` from above, in the
`feature.py` (or `features.py`) of the member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Registered(Mapping[str, T]):
    """Things by name, in the order in which they were added."""

    def __init__(self, what: str, members: Mapping[str, T] | None = None) -> None:
        self._what = what
        self._members: dict[str, T] = dict(members or {})

    def add(self, name: str, member: T) -> T:
        """Make a thing known; the same again changes nothing, since every application of a process registers anew.

        Raises:
            ValueError: the name belongs to something else.
        """
        if self._members.setdefault(name, member) != member:
            raise ValueError(f"{self._what}: there are two of the name {name!r}")
        return member

    def __getitem__(self, name: str) -> T:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
