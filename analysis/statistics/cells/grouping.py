"""Two array tools everything here is built on: sums by code, and consecutive codes for arbitrary keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = Ints | slice

_LARGEST_KEY = 2**62


def where(mask: Bools) -> Rows:
    """An index that selects where `mask` is true; a whole slice, which copies nothing, when it is true everywhere."""
    return slice(None) if bool(mask.all()) else np.flatnonzero(mask)


def total_by(codes: Ints, values: NDArray[Any], size: int) -> Floats:
    """Sum of `values` at each code 0..size-1; always floating point (numpy.bincount of nothing is not)."""
    return np.bincount(codes, weights=values, minlength=size).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
class Groups:
    """Sums of columns (K,) by the same `codes` (K,), each 0..size-1: quicker where equal codes stand together."""

    codes: Ints
    size: int

    def total(self, values: NDArray[Any]) -> Floats:
        """The sum of `values` at each code, (size,)."""
        if self._starts is None:
            return total_by(self.codes, values, self.size)
        result = np.zeros(self.size)
        result[self.codes[self._starts]] = np.add.reduceat(values, self._starts, dtype=np.float64)
        return result

    @cached_property
    def _starts(self) -> Ints | None:
        """Where the runs of equal codes begin; None where a code has several runs, or runs are short."""
        changes = np.flatnonzero(self.codes[1:] != self.codes[:-1]) + 1
        if not self.codes.size or len(changes) > len(self.codes) // 8:
            return None
        starts = np.concatenate([np.zeros(1, dtype=np.int64), changes])
        in_order = bool(np.all(np.diff(self.codes[starts]) > 0))
        return starts if in_order else None


def divide(numerator: NDArray[Any], denominator: NDArray[Any], *, otherwise: float = np.nan) -> Floats:
    """numerator / denominator where the denominator is positive, elsewhere `otherwise`."""
    positive = denominator > 0
    if positive.all():
        return np.asarray(numerator / denominator)
    result = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), otherwise)
    np.divide(numerator, denominator, out=result, where=positive)
    return result


class Coding(NamedTuple):
    """Consecutive codes: `codes` of the entries, 0..size-1, and an index at which each code occurs."""

    codes: Ints
    size: int
    first: Ints


def compress(keys: Ints) -> Coding:
    """Consecutive codes for non-negative keys."""
    if not keys.size:
        return Coding(keys, 0, keys)
    span = int(keys.max()) + 1
    if span > 16 * len(keys) + 1024:
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        return Coding(inverse, len(first), first)
    entry = np.full(span, -1, dtype=np.int64)
    entry[keys] = np.arange(len(keys))
    if entry.min() >= 0:
        return Coding(keys, span, entry)
    occurring = np.flatnonzero(entry >= 0)
    code = np.zeros(span, dtype=np.int64)
    code[occurring] = np.arange(len(occurring))
    return Coding(code[keys], len(occurring), entry[occurring])


def compress_pairs(outer: Ints, inner: Ints) -> Coding:
    """Consecutive codes for pairs of non-negative keys; cheap where one is nested in the other, as is usual here."""
    if not inner.size or outer.min() == outer.max():  # one domain, as of every total
        return compress(inner)
    first = compress(inner)
    if _tells(first, outer):
        return first
    second = compress(outer)
    return second if _tells(second, inner) else compress(second.codes * first.size + first.codes)


def count_distinct(columns: Sequence[Ints]) -> int:
    """Number of distinct rows of equally long columns of non-negative keys."""
    code, span = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if span * width > _LARGEST_KEY:
            code, span, _ = compress(code)
        code, span = code * width + column, span * width
    ordered = np.sort(code)
    return len(code) and 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def is_nested(outer: Ints, inner: Ints) -> bool:
    """Whether every `inner` code (>= 0) occurs with one `outer` code only."""
    return not outer.size or outer.min() == outer.max() or _tells(compress(inner), outer)


def _tells(inner: Coding, outer: Ints) -> bool:
    """Whether each code of `inner` goes with one value of `outer`."""
    return inner.size == len(outer) or bool(np.array_equal(outer[inner.first][inner.codes], outer))
