"""Rating cells and caseloads put together as the `Cells` that statistics estimates from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext as _

from analysis.queries.ratings import RatingCell
from analysis.queries.register import Register
from analysis.statistics.cells import Cells
from analysis.statistics.collapse import collapse
from analysis.statistics.ratio import Method, Ratio
from analysis.weighting.breakdown import collapse_chain, domain_of_cell, domain_of_post_stratum
from analysis.weighting.post_strata import Assignment, PostStratum

_SUMS = (
    "responses",
    "satisfied",
    "ratings",
    "squares",
    "all_satisfied",
    "items_satisfied",
    "items_answered",
    "items_satisfied_squares",
    "items_products",
    "items_answered_squares",
)


@dataclass(frozen=True, slots=True)
class RowKey:
    """What tells one row of the table from another; `psu` is '' where no counter is known."""

    post_stratum: PostStratum
    psu: str
    domain: str | None


@dataclass(frozen=True)
class CellTable:
    """The table, with the names its codes stand for."""

    cells: Cells
    post_strata: tuple[PostStratum, ...]


def build_table(
    rating_cells: Sequence[RatingCell],
    assignment: Assignment,
    by: str | None,
    register: Register,
    method: Method,
) -> CellTable:
    """One row per post-stratum x counter-day x domain, silent post-strata as rows without responses."""
    sums: dict[RowKey, list[int]] = defaultdict(lambda: [0] * len(_SUMS))
    for cell, post_stratum in zip(rating_cells, assignment.post_strata, strict=True):
        psu = "" if cell.counter_id is None else f"{cell.counter_id}|{cell.day.isoformat()}"
        row = sums[RowKey(post_stratum, psu, domain_of_cell(by, cell, register))]
        for position, name in enumerate(_SUMS):
            row[position] += getattr(cell, name)
    answered = {key.post_stratum for key in sums}
    for post_stratum in assignment.caseloads.keys() - answered:
        sums[RowKey(post_stratum, "", domain_of_post_stratum(by, post_stratum, register))] = [0] * len(_SUMS)
    keys = sorted(sums, key=lambda key: (key.post_stratum, key.psu, key.domain or ""))
    columns = dict(
        zip(_SUMS, np.array([sums[key] for key in keys], dtype=np.int64).reshape(-1, len(_SUMS)).T, strict=True)
    )
    return CellTable(*_cells(keys, columns, assignment.caseloads, register, method))


def _cells(
    keys: Sequence[RowKey],
    columns: Mapping[str, np.ndarray[tuple[int], np.dtype[np.int64]]],
    caseloads: Mapping[PostStratum, float],
    register: Register,
    method: Method,
) -> tuple[Cells, tuple[PostStratum, ...]]:
    names = {post_stratum: label(post_stratum, register) for post_stratum in {key.post_stratum for key in keys}}
    satisfied = columns["all_satisfied"] if method is Method.ALL_ITEMS else columns["satisfied"]
    cells = Cells.from_columns(
        stratum=[register.agencies[key.post_stratum.agency_id].code for key in keys],
        post_stratum=[names[key.post_stratum] for key in keys],
        caseload=[caseloads.get(key.post_stratum, 0.0) for key in keys],
        psu=[key.psu or None for key in keys],
        domain=[key.domain for key in keys],
        responses=columns["responses"],
        satisfied=satisfied,
        ratio=_ratio(columns, method),
    )
    by_label = {name: post_stratum for post_stratum, name in names.items()}
    return cells, tuple(by_label[name] for name in cells.post_stratum_labels)


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


def _ratio(columns: Mapping[str, np.ndarray[tuple[int], np.dtype[np.int64]]], method: Method) -> Ratio | None:
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
