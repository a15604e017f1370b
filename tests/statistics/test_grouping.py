"""Codes for keys agree with Python's own sets and dictionaries, whatever keys and however large."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.statistics.cells.grouping import compress, compress_pairs, count_distinct, is_nested

SMALL = st.integers(0, 3)
LARGE = st.integers(0, 2**40)
PAIRS = st.lists(st.tuples(SMALL | LARGE, SMALL), max_size=12)


@given(st.lists(st.tuples(SMALL | LARGE, LARGE, SMALL), max_size=12))
@example([(2**40, 2**40, 1), (2**40, 2**40 - 1, 1), (2**40, 2**40, 1)])  # beyond what one key holds
@example([(0, 2, 0), (1, 0, 0), (2, 1, 0), (1, 1, 1)])
def test_rows_are_counted_once_each(rows: list[tuple[int, ...]]) -> None:
    columns = list(np.array(rows, dtype=np.int64).reshape(len(rows), 3).T)
    assert count_distinct(columns) == len(set(rows))


@given(PAIRS)
@example([(0, 1), (1, 1)])
@example([(0, 1), (1, 0), (0, 1), (1, 1)])
def test_an_inner_code_is_nested_where_it_meets_one_outer_code(pairs: list[tuple[int, int]]) -> None:
    outer, inner = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2).T
    assert bool(is_nested(outer, inner)) == (len(set(pairs)) == len({each for _, each in pairs}))


@given(PAIRS)
def test_codes_of_pairs_tell_apart_what_differs_and_nothing_else(pairs: list[tuple[int, int]]) -> None:
    outer, inner = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2).T
    for coding, keys in ((compress_pairs(outer, inner), pairs), (compress(outer), outer.tolist())):
        codes = coding.codes.tolist()
        assert coding.size == len(set(keys)) == len(set(codes)) == len(set(zip(codes, keys, strict=True)))
        assert sorted(set(codes)) == list(range(coding.size))
        assert [codes[at] for at in coding.first] == list(range(coding.size))
