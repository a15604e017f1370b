"""One idiom for what is registered by name: languages, channels, item types, detectors, exports, menu pages, …

A kind's register stands in one place where all its members are seen, most often as one literal::

    ITEM_TYPES: Registered[type[Item]] = Registered("item type", {"rating": RatingItem})

What stands further down in the order of imports and cannot name its members is filled with `add` from above, in the
`feature.py` (or `features.py`) of the member. What belongs to an application and not to the program is a `PerApp`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from flask import Flask, current_app

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


class PerApp(Generic[T]):
    """A register that each application fills for itself: the `register(app)` of its features adds to it."""

    def __init__(self, what: str) -> None:
        self._what = what

    def add(self, app: Flask, name: str, member: T) -> T:
        """Make a thing known to an application.

        Raises:
            ValueError: the name belongs to something else.
        """
        return self._of(app).add(name, member)

    def members(self, app: Flask | None = None) -> Registered[T]:
        """What an application knows; by default the one that is asked."""
        return self._of(app or current_app)

    def _of(self, app: Flask) -> Registered[T]:
        kept: Registered[T] = app.extensions.setdefault(f"registered {self._what}", Registered(self._what))
        return kept
