"""Many things some at a time, for statements that take only so many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in their order, `size` at a time; the last list holds what is left. `itertools` has it from 3.12 on."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
