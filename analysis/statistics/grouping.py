"""Two small array tools everything here is built on: sums by code, and consecutive codes for arbitrary keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_LARGEST_KEY = 2**62


def where(mask: Bools) -> Ints | slice:
    """An index that selects where `mask` is true; a whole slice, which copies nothing, when it is true everywhere."""
    return slice(None) if bool(mask.all()) else np.flatnonzero(mask)


def total_by(codes: Ints, values: NDArray[Any], size: int) -> Floats:
    """Sum of `values` at each code 0..size-1; always floating point (numpy.bincount of nothing is not)."""
    return np.bincount(codes, weights=values, minlength=size).astype(np.float64, copy=False)


def divide(numerator: NDArray[Any], denominator: NDArray[Any], *, otherwise: float = np.nan) -> Floats:
    """numerator / denominator where the denominator is positive, elsewhere `otherwise`."""
    result = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), otherwise)
    np.divide(numerator, denominator, out=result, where=denominator > 0)
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
    occurring = np.flatnonzero(entry >= 0)
    if len(occurring) == span:
        return Coding(keys, span, entry)
    code = np.zeros(span, dtype=np.int64)
    code[occurring] = np.arange(len(occurring))
    return Coding(code[keys], len(occurring), entry[occurring])


def compress_pairs(outer: Ints, inner: Ints) -> Coding:
    """Consecutive codes for pairs of non-negative keys; cheap where one is nested in the other, as is usual here."""
    if not inner.size or is_nested(outer, inner):
        return compress(inner)
    if is_nested(inner, outer):
        return compress(outer)
    return compress(outer * (int(inner.max()) + 1) + inner)


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
    if not outer.size or outer.min() == outer.max():  # one domain, as of every total: told without a table
        return True
    home = np.zeros(int(inner.max(initial=-1)) + 1, dtype=np.int64)
    home[inner] = outer
    return bool(np.array_equal(home[inner], outer))
