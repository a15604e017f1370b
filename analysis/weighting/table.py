"""Ratings and caseloads put together as the `Cells` that statistics estimates from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from flask_babel import gettext as _

from analysis.queries.ratings import RatingCells, RatingGroup
from analysis.queries.register import Register
from analysis.statistics.cells import Cells
from analysis.statistics.collapse import collapse
from analysis.statistics.grouping import Ints, compress, total_by
from analysis.statistics.ratio import Method, Ratio
from analysis.weighting.breakdown import collapse_chain, domain_of_group, domain_of_post_stratum
from analysis.weighting.post_strata import Assignment, PostStratum

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
DAYS = 32  # more than a month has


class RowKey(NamedTuple):
    """What rows of one post-stratum and domain have in common; counter-days tell them apart."""

    post_stratum: PostStratum
    domain: str | None


@dataclass(frozen=True)
class CellTable:
    """The table, with the names its codes stand for."""

    cells: Cells
    post_strata: tuple[PostStratum, ...]


def build_table(
    rating_cells: RatingCells,
    groups: Sequence[RatingGroup],
    group_of: Ints,
    assignment: Assignment,
    by: str | None,
    register: Register,
    method: Method,
) -> CellTable:
    """One row per post-stratum x counter-day x domain, silent post-strata as rows without responses.

    `groups` and `group_of` as `RatingCells.grouped` gives them.
    """
    pair, _size, first = compress(group_of * max(len(rating_cells.labels), 1) + rating_cells.dimension)
    keys = [
        RowKey(assignment.post_strata[group], domain_of_group(by, groups[group], rating_cells.labels[place], register))
        for group, place in zip(group_of[first].tolist(), rating_cells.dimension[first].tolist(), strict=True)
    ]
    known = {key: code for code, key in enumerate(dict.fromkeys(keys))}
    key_of_pair = np.array([known[key] for key in keys], dtype=np.int64)
    row, size, first = _rows(rating_cells, key_of_pair[pair])
    sums = {name: total_by(row, rating_cells.sums[name], size) for name in ("responses", "satisfied", *NEEDS[method])}
    answered = {key.post_stratum for key in known}
    silent = [
        RowKey(one, domain_of_post_stratum(by, one, register)) for one in sorted(assignment.caseloads.keys() - answered)
    ]
    key = np.concatenate([key_of_pair[pair][first], len(known) + np.arange(len(silent))])
    psu = np.concatenate([_psu(rating_cells)[first], np.full(len(silent), -1)])
    columns = {name: np.concatenate([values, np.zeros(len(silent))]).astype(np.int64) for name, values in sums.items()}
    return CellTable(*_cells([*known, *silent], key, psu, columns, assignment.caseloads, register, method))


def _rows(rating_cells: RatingCells, key: Ints) -> tuple[Ints, int, Ints]:
    """Consecutive codes of (key, counter-day), their number, and a cell of each."""
    psu = _psu(rating_cells)
    return compress(key * (int(psu.max(initial=-1)) + 2) + psu + 1)


def _psu(rating_cells: RatingCells) -> Ints:
    """A code of each counter-day, -1 where no counter is known."""
    counter = compress(rating_cells.counter)
    day = rating_cells.month * DAYS + rating_cells.day
    codes = compress(counter.codes * (len(rating_cells.months) * DAYS) + day).codes
    return np.where(rating_cells.counter == 0, -1, codes)


def _cells(
    keys: Sequence[RowKey],
    key: Ints,
    psu: Ints,
    columns: Mapping[str, Ints],
    caseloads: Mapping[PostStratum, float],
    register: Register,
    method: Method,
) -> tuple[Cells, tuple[PostStratum, ...]]:
    names = {one: label(one, register) for one in {key.post_stratum for key in keys}}
    post_strata = sorted(names, key=names.__getitem__)
    strata = sorted({register.agencies[one.agency_id].code for one in post_strata})
    domains = sorted({key.domain for key in keys if key.domain is not None})
    stratum_code = {name: code for code, name in enumerate(strata)}
    post_code = {one: code for code, one in enumerate(post_strata)}
    domain_code: dict[str | None, int] = {None: -1} | {name: code for code, name in enumerate(domains)}
    stratum = [stratum_code[register.agencies[one.post_stratum.agency_id].code] for one in keys]
    cells = Cells(
        stratum=np.array(stratum, dtype=np.int64)[key],
        post_stratum=np.array([post_code[one.post_stratum] for one in keys], dtype=np.int64)[key],
        psu=psu,
        domain=np.array([domain_code[one.domain] for one in keys], dtype=np.int64)[key],
        responses=columns["responses"],
        satisfied=columns["all_satisfied" if method is Method.ALL_ITEMS else "satisfied"],
        caseload=np.array([caseloads.get(one, 0.0) for one in post_strata], dtype=np.float64),
        stratum_labels=tuple(strata),
        post_stratum_labels=tuple(names[one] for one in post_strata),
        domain_labels=tuple(domains),
        ratio=_ratio(columns, method),
    )
    return cells, tuple(post_strata)


def label(post_stratum: PostStratum, register: Register) -> str:
    """A post-stratum's name in files and on the page that explains a figure."""
    agency = register.agencies[post_stratum.agency_id].code
    service = register.services.get(post_stratum.service_id)
    middle = (
        service.code
        if service
        else {0: _("(cả ngành)"), -1: _("(không rõ dịch vụ hoặc chưa có số hồ sơ)")}[post_stratum.service_id]
    )
    return f"{agency}/{middle}" + (f"/{post_stratum.kind}" if post_stratum.kind else "")


def pooled(table: CellTable, by: str | None, register: Register, *, sector: str, single_agency: bool) -> Cells:
    """The cells with thin post-strata pooled as this breakdown allows."""
    cells, size = table.cells, len(table.post_strata)
    chains = [
        collapse_chain(by, post_stratum, register, sector=sector, single_agency=single_agency)
        for post_stratum in table.post_strata
    ]
    counts = np.bincount(cells.post_stratum, weights=cells.responses, minlength=size).astype(np.int64)
    plan = collapse(cells.post_stratum_labels, chains, counts, cells.caseload)
    return cells.pooled(plan.weighting_group)


def _ratio(columns: Mapping[str, Ints], method: Method) -> Ratio | None:
    if method is Method.MEAN_RESCALED:
        return Ratio.mean_rescaled(columns["responses"], columns["ratings"], columns["squares"])
    if method is Method.ITEM_POOLED:
        return Ratio(
            numerator=columns["items_satisfied"],
            denominator=columns["items_answered"],
            numerator_squares=columns["items_satisfied_squares"],
            products=columns["items_products"],
            denominator_squares=columns["items_answered_squares"],
        )
    return None
