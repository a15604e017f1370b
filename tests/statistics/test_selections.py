"""No two selections put together by hand, subtracted, tell of fewer answers than may be told: an attacker tries."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.disclosure.selections import UNNAMED, Cube, Key

FEWEST = 10
SERVICES = {"s1": "f1", "s2": "f1", "s3": "f2", "s4": ""}  # each with its field, the last with none
CHANNELS = ("qr", "paper", "phone")
MONTHS = {"09": "Q3", "10": "Q4", "11": "Q4"}
KEYS = list(product((*SERVICES, UNNAMED), CHANNELS, MONTHS))
GROUPS = (
    ({service: service for service in SERVICES}, SERVICES),
    ({channel: channel for channel in CHANNELS},),
    ({month: month for month in MONTHS}, MONTHS),
)
SIZES = st.sampled_from((0, 0, 1, 3, 5, 9, 10, 12, 30, 90))
Group = frozenset[Key]


def cube_of(sizes: list[int]) -> Cube:
    return Cube({key: (n,) for key, n in zip(KEYS, sizes, strict=True) if n}, GROUPS, FEWEST)


worlds = st.lists(SIZES, min_size=len(KEYS), max_size=len(KEYS)).map(cube_of)


def members(chosen: tuple[str | None, ...]) -> Group:
    """The combinations that a selection is about: a value, a group's name or None for each axis."""
    return frozenset(
        key
        for key in KEYS
        if all(
            name is None or name in (value, *(group.get(value) for group in own))
            for name, value, own in zip(chosen, key, GROUPS, strict=True)
        )
    )


def told(cube: Cube) -> dict[Group, int]:
    """Every selection that is told, as a set, with the answers it holds; the whole is where it holds enough."""
    size = {key: counts[0] for key, counts in cube.cells.items()}
    shown = {frozenset(KEYS): whole} if (whole := sum(size.values())) >= FEWEST else {}
    for chosen, levels in selections():
        group = members(chosen)
        some = next((key for key in group if key in size), None)
        if some is not None and cube.tells(some, levels):
            shown[group] = sum(size.get(key, 0) for key in group)
    return shown


def selections() -> Iterator[tuple[tuple[str | None, ...], tuple[int, ...]]]:
    names = [[(value, 0) for value in own[0]] + [(None, len(own))] for own in GROUPS]
    for axis, own in enumerate(GROUPS):
        names[axis] += [(group, 1) for group in sorted(set(own[1].values()) - {""})] if len(own) > 1 else []
    for places in product(*names):
        yield tuple(name for name, _level in places), tuple(level for _name, level in places)


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_no_selection_minus_one_within_it_is_small(cube: Cube) -> None:
    shown = told(cube)
    for wider, narrower in permutations(shown, 2):
        if narrower < wider:
            rest = shown[wider] - shown[narrower]
            assert rest == 0 or rest >= FEWEST


@settings(max_examples=60, deadline=None)
@given(worlds)
def test_no_selection_minus_all_told_parts_of_it_is_small(cube: Cube) -> None:
    """The parts are those that one axis tells apart, at any of its levels."""
    shown = told(cube)
    for chosen, _levels in selections():
        for axis, own in enumerate(GROUPS):
            whole = members(chosen)
            if whole not in shown or chosen[axis] in own[0]:
                continue
            for level in own:
                parts = [members((*chosen[:axis], name, *chosen[axis + 1 :])) for name in set(level.values()) - {""}]
                parts = [part for part in parts if part in shown and part < whole]
                rest = shown[whole] - sum(shown[part] for part in parts)
                assert rest == 0 or rest >= FEWEST


def test_few_small_combinations_follow_from_all_that_is_told() -> None:
    """Whoever solves the equations of everything told at once: what lines hold back, few combinations give away.

    How many of all groups, and in which worlds: `benchmarks/joined_equations.py`.
    """
    chance = random.Random(14)
    small = known = 0
    for _world in range(40):
        cube = cube_of([chance.choice((0, 0, 1, 3, 5, 9, 10, 12, 30, 90)) for _key in KEYS])
        matrix = np.array([[key in group for key in KEYS] for group in told(cube)], dtype=float).reshape(-1, len(KEYS))
        _left, singular, right = np.linalg.svd(matrix, full_matrices=False)
        leverage = (right[singular > 1e-9] ** 2).sum(axis=0)
        few = [place for place, key in enumerate(KEYS) if 0 < cube.cells.get(key, (0,))[0] < FEWEST]
        small += len(few)
        known += sum(leverage[place] > 1 - 1e-9 for place in few)
    assert small > 500
    assert known < small / 50


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_what_is_told_is_told_more_widely_too(cube: Cube) -> None:
    shown = told(cube)
    for chosen, _levels in selections():
        for axis in range(len(GROUPS)):
            wider = members((*chosen[:axis], None, *chosen[axis + 1 :]))
            assert members(chosen) not in shown or wider in shown


def test_answers_that_name_no_value_are_subtracted_too() -> None:
    """An agency of one service, of whose answers three name none."""
    for unnamed, tells in ((3, False), (10, True), (0, True)):
        cube = Cube({("s1",): (40,), ("",): (unnamed,)}, GROUPS[:1], FEWEST)
        assert cube.tells(("s1",), (0,)) is tells
