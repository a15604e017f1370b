"""Ratings and caseloads put together as the `Cells` that statistics estimates from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from analysis.figures.quarters import pooling_levels
from analysis.figures.register import UnitRegister
from analysis.figures.weighting.blocks import Blocks
from analysis.figures.weighting.breakdown import collapse_chain, domain_of_group, domain_of_post_stratum
from analysis.figures.weighting.names import PostStratumName, name_of
from analysis.figures.weighting.population import Amount
from analysis.figures.weighting.post_strata import Assignment, PostStratum
from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.collapse import collapse
from analysis.statistics.cells.grouping import Ints
from analysis.statistics.cells.ratio import Method, Ratio
from survey.foundation.vocabulary import SCALE

NEEDS: dict[Method, tuple[str, ...]] = {
    Method.TOP2: (),
    Method.MEAN_RESCALED: ("ratings", "squares"),
    Method.ALL_ITEMS: ("all_satisfied",),
    Method.ITEM_POOLED: (
        "items_satisfied",
        "items_answered",
        "items_satisfied_squares",
        "items_products",
        "items_answered_squares",
    ),
}

MEAN_OF_ITEMS = ("ratings", "squares", "products", "items_answered", "items_answered_squares")


class RowKey(NamedTuple):
    """What rows of one post-stratum and domain have in common; sampling units tell them apart."""

    post_stratum: PostStratum
    domain: str | None


def needed(method: Method, *, of_items: bool) -> tuple[str, ...]:
    """Which sums of the cells a method is made of, beside answers and satisfied ones."""
    return MEAN_OF_ITEMS if of_items and method is Method.MEAN_RESCALED else NEEDS[method]


@dataclass(frozen=True)
class CellTable:
    """The table, with the post-strata its codes stand for and their names."""

    cells: Cells
    post_strata: tuple[PostStratum, ...]
    names: tuple[PostStratumName, ...]
    pairs: tuple[RowKey, ...] = ()  # of each pair in the blocks' outlines, one block after the other


def build_table(
    blocks: Blocks,
    assignment: Assignment,
    by: str | None,
    register: UnitRegister,
    method: Method,
    *,
    of_items: bool = False,
) -> CellTable:
    """One row per post-stratum x sampling unit x domain, silent post-strata as rows without responses.

    `assignment` is of the blocks' groups, one block after the other; `of_items`: they count detailed questions.
    """
    names = ("responses", "satisfied", *needed(method, of_items=of_items))
    keys: list[RowKey] = []
    parts: list[tuple[int, ...]] = []
    every: list[RowKey] = []
    befores: list[int] = []
    first = 0
    for groups, labels, pairs, *_more in blocks.outlines:
        own = [
            RowKey(assignment.post_strata[first + group], domain_of_group(by, groups[group], labels[place], register))
            for group, place in pairs
        ]
        known = {key: code for code, key in enumerate(dict.fromkeys(own))}
        parts.append(tuple([known[key] for key in own]))
        befores.append(len(keys))
        every += own
        keys += known
        first += len(groups)
    rows = blocks.rows(parts, names)
    units = np.cumsum([0, *(int(own_rows.psu.max(initial=-1)) + 1 for own_rows in rows)]).tolist()
    answered = {key.post_stratum for key in keys}
    silent = [
        RowKey(post_stratum, domain_of_post_stratum(by, post_stratum, register))
        for post_stratum in sorted(assignment.caseloads.keys() - answered)
    ]
    nothing = np.zeros(len(silent), dtype=np.int64)
    key = np.concatenate(
        [*(own.part + before for own, before in zip(rows, befores, strict=True)), len(keys) + np.arange(len(silent))]
    )
    psu = np.concatenate(
        [
            *(np.where(own.psu < 0, -1, own.psu + before) for own, before in zip(rows, units[:-1], strict=True)),
            nothing - 1,
        ]
    )
    columns = {name: np.concatenate([*(own.sums[name] for own in rows), nothing]) for name in names}
    table = _table([*keys, *silent], key, psu, columns, assignment.caseloads, register, method)
    return replace(table, pairs=tuple(every))


def _table(
    keys: Sequence[RowKey],
    key: Ints,
    psu: Ints,
    columns: Mapping[str, Ints],
    caseloads: Mapping[PostStratum, Amount],
    register: UnitRegister,
    method: Method,
) -> CellTable:
    names = {post_stratum: name_of(post_stratum, register) for post_stratum in {key.post_stratum for key in keys}}
    labels = {post_stratum: name.label for post_stratum, name in names.items()}
    post_strata = sorted(names, key=labels.__getitem__)
    strata = sorted({register.agencies[post_stratum.agency_id].code for post_stratum in post_strata})
    domains = sorted({key.domain for key in keys if key.domain is not None})
    stratum_code = {name: code for code, name in enumerate(strata)}
    post_code = {post_stratum: code for code, post_stratum in enumerate(post_strata)}
    domain_code: dict[str | None, int] = {None: -1} | {name: code for code, name in enumerate(domains)}
    stratum = [stratum_code[register.agencies[key.post_stratum.agency_id].code] for key in keys]
    amounts = [caseloads.get(post_stratum, 0) for post_stratum in post_strata]
    cells = Cells(
        stratum=np.array(stratum, dtype=np.int64)[key],
        post_stratum=np.array([post_code[key.post_stratum] for key in keys], dtype=np.int64)[key],
        psu=psu,
        domain=np.array([domain_code[key.domain] for key in keys], dtype=np.int64)[key],
        responses=columns["responses"],
        satisfied=columns["all_satisfied" if method is Method.ALL_ITEMS else "satisfied"],
        caseload=np.array([float(amount) for amount in amounts], dtype=np.float64),
        caseload_ratio=_ratio_of(amounts),
        coverage_unit=_units(post_strata),
        stratum_labels=tuple(strata),
        post_stratum_labels=tuple(labels[post_stratum] for post_stratum in post_strata),
        domain_labels=tuple(domains),
        ratio=_ratio(columns, method),
    )
    return CellTable(cells, tuple(post_strata), tuple(names[post_stratum] for post_stratum in post_strata))


def _ratio_of(amounts: Sequence[Amount]) -> tuple[Ints, Ints] | None:
    """Numerators and denominators (G,), where not all are whole numbers."""
    if all(amount.denominator == 1 for amount in amounts):
        return None
    pairs = np.array([(amount.numerator, amount.denominator) for amount in amounts], dtype=np.int64)
    return pairs[:, 0], pairs[:, 1]


def _units(post_strata: Sequence[PostStratum]) -> Ints:
    """Coverage is measured by agency x service over the whole period."""
    first: dict[tuple[int, int], int] = {}
    codes = [
        first.setdefault((post_stratum.agency_id, post_stratum.service_id), place)
        for place, post_stratum in enumerate(post_strata)
    ]
    return np.array(codes, dtype=np.int64)


def pooled(
    table: CellTable,
    by: str | None,
    register: UnitRegister,
    months: Sequence[str],
    *,
    sector: str,
    single_agency: bool,
) -> Cells:
    """The cells with thin post-strata pooled as this breakdown allows."""
    cells, size, levels = table.cells, len(table.post_strata), pooling_levels(months)
    above: dict[tuple[object, ...], tuple[tuple[object, ...], ...]] = {}
    chains = []
    for post_stratum in table.post_strata:
        own = post_stratum[:3]  # agency x service x kind: its quarters are pooled before it is pooled with others
        if own not in above:
            above[own] = collapse_chain(by, post_stratum, register, sector=sector, single_agency=single_agency)
        chains.append(tuple([(own, level.get(post_stratum.quarter, "")) for level in levels]) + above[own])
    counts = np.bincount(cells.post_stratum, weights=cells.responses, minlength=size).astype(np.int64)
    alone = by == "service" and single_agency  # a service inside one agency is never pooled with another
    weighting_group = collapse(cells.post_stratum_labels, chains, counts, cells.caseload, least=1 if alone else None)
    return cells.pooled(weighting_group)


def _ratio(columns: Mapping[str, Ints], method: Method) -> Ratio | None:
    if method is Method.MEAN_RESCALED and "products" in columns:
        return Ratio(
            numerator=columns["ratings"],
            denominator=columns["items_answered"],
            numerator_squares=columns["squares"],
            products=columns["products"],
            denominator_squares=columns["items_answered_squares"],
            scale=max(SCALE),
        )
    if method is Method.MEAN_RESCALED:
        return Ratio.mean_rescaled(columns["responses"], columns["ratings"], columns["squares"])
    if method is Method.ITEM_POOLED:
        squares = ("items_satisfied_squares", "items_products", "items_answered_squares")
        satisfied, products, answered = (columns[name] for name in squares)
        return Ratio.item_pooled(columns["items_satisfied"], columns["items_answered"], (satisfied, products, answered))
    return None
