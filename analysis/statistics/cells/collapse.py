"""Collapsing thin post-strata, decided without looking at the answers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.cells.grouping import Ints
from analysis.statistics.problems import StatisticsError

MINIMUM = 5
Key = tuple[Hashable, ...]


def collapse(
    keys: Sequence[str],
    chains: Sequence[Sequence[Key]],
    n: ArrayLike,
    caseload: ArrayLike,
    *,
    minimum: int = MINIMUM,
    least: int | None = None,
) -> Ints:
    """Pool post-strata with fewer than `minimum` responses inside their parent groups.

    `keys` (G,) name the post-strata (they break ties); `chains` (G,) give each one's parent groups, nearest first, all
    equally long (see `parents`); `n` responses and `caseload` N (G,). In each parent group the thin ones (n_h = 0 with
    N_h > 0 too) form one pool; while the pool has fewer than `minimum` it takes the smallest adequate sibling (by n,
    then key); if it still fails it goes to the next parent as it is; failing the last, it is not covered, unless it has
    `least` responses (None: `minimum`, or 1 with empty chains, when nothing is pooled).

    Returns (G,) for `Cells.pooled`: the index of the first member of each one's pool, -1 = not covered (or without a
    caseload). Raises StatisticsError `length` when the columns or chains differ in length, `negative` for counts or
    caseloads that are negative or not finite.
    """
    counts, sizes = np.asarray(n), np.asarray(caseload, dtype=np.float64)
    if not len(keys) == len(chains) == len(counts) == len(sizes) or len({len(chain) for chain in chains}) > 1:
        raise StatisticsError("length", "Danh sách nhóm để gộp không khớp nhau về độ dài.")
    if not bool(np.all(counts >= 0) and np.all(np.isfinite(sizes) & (sizes >= 0))):
        raise StatisticsError("negative", "Số lượt đánh giá và số hồ sơ của các nhóm để gộp phải hữu hạn, không âm.")
    units = [_Unit((i,), int(counts[i]), keys[i], tuple(chains[i])) for i in range(len(keys)) if sizes[i] > 0]
    levels = len(chains[0]) if len(chains) else 0
    for level in range(levels):
        units = _collapse_level(units, level, minimum)
    enough = least or (minimum if levels else 1)
    group = np.full(len(keys), -1, dtype=np.int64)
    for unit in units:
        if unit.n >= enough:
            group[list(unit.members)] = unit.members[0]
    return group


class _Unit(NamedTuple):
    members: tuple[int, ...]
    n: int
    key: str
    chain: tuple[Key, ...]


def _collapse_level(units: Sequence[_Unit], level: int, minimum: int) -> list[_Unit]:
    needy = {unit.chain[level] for unit in units if unit.n < minimum}
    siblings: dict[Key, list[_Unit]] = {key: [] for key in needy}
    kept: list[_Unit] = []
    for unit in units:
        (siblings[unit.chain[level]] if unit.chain[level] in needy else kept).append(unit)
    return [*kept, *(unit for group in siblings.values() for unit in _collapse_group(group, minimum))]


def _collapse_group(group: Sequence[_Unit], minimum: int) -> list[_Unit]:
    thin = [unit for unit in group if unit.n < minimum]
    adequate = sorted((unit for unit in group if unit.n >= minimum), key=lambda unit: (unit.n, unit.key))
    if not thin:
        return list(group)
    taken = 0
    while sum(unit.n for unit in thin) < minimum and taken < len(adequate):
        thin.append(adequate[taken])
        taken += 1
    return [_merge(thin), *adequate[taken:]]


def _merge(units: Sequence[_Unit]) -> _Unit:
    members = tuple(sorted(i for unit in units for i in unit.members))
    return _Unit(members, sum(unit.n for unit in units), min(unit.key for unit in units), units[0].chain)


def parents(
    breakdown: str, *, domain: str, agency: str, sector: str, parent_agency: str | None, province: str
) -> tuple[Key, ...]:
    """The chain of parent groups of one post-stratum (agency x service) for a breakdown.

    A pool never crosses the domain that is reported, so every group is keyed by `domain` too (give "" for breakdowns
    that cross post-strata: channel, respondent kind, language). A service province-wide collapses inside the parent
    agency, then the province; a service inside one agency (`breakdown="agency_service"`) never; every other figure
    inside agency x sector, then the agency.
    """
    if breakdown == "agency_service":
        return ()
    if breakdown == "service":
        return ((domain, "parent", parent_agency or agency), (domain, "province", province))
    return ((domain, "agency_sector", agency, sector), (domain, "agency", agency))
