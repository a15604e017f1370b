"""What a selection put together by hand holds back, so that no two of them, subtracted, tell of fewer than ten answers.

Filters on services, counters, channels, languages and a respondent kind are set by hand; so is a part of a year once
such a filter is set. All selections of the same axes are judged together (`analysis.statistics.disclosure.selections`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from flask_babel import lazy_gettext

from analysis.figures.codebook import codebook
from analysis.figures.figure import AgencyService, Ask, Figures, Note
from analysis.figures.query import FigureQuery
from analysis.figures.rating_queries import RatingCells, RatingScope, fetch_rating_cells
from analysis.figures.register import fetch_counters, fetch_province, fetch_register
from analysis.figures.store.counts import fetch_counts
from analysis.figures.suppression.complement import held_back
from analysis.figures.weighting.boundaries import in_boundaries
from analysis.figures.weighting.prepare import rating_scope
from analysis.statistics.cells.grouping import Bools, Ints, compress, total_by
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from analysis.statistics.disclosure.selections import Cube
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.periods import Period
from survey.foundation.vocabulary import UNKNOWN_KIND

TOLD_OTHERS = lazy_gettext(
    "Lựa chọn này không nêu, dù có thể đủ phiếu: lấy một lựa chọn rộng hơn trừ đi sẽ lộ nhóm dưới 10 phiếu."
)
FILTERS = {
    # axis, as the breakdown that has a row of each value: the field of a question
    "service": "services",
    "counter": "counters",
    "channel": "channels",
    "language": "languages",
    "respondent_kind": "respondent_kinds",
}
AXIS_OF = {"field": "service", "area": "agency"}
LEVEL_OF = {"field": 1, "area": 1}
GROUPED = ("service", "agency", "counter")  # services in fields, agencies in areas, counters in agencies
Place = tuple[str, int]  # a finest value of an axis, and the level whose group of it is meant


def filters_of(question: FigureQuery) -> dict[str, frozenset[object]]:
    """What is set by hand, by axis."""
    chosen = {axis: getattr(question, field) for axis, field in FILTERS.items()}
    if not question.kind_by_hand:
        del chosen["respondent_kind"]
    return {axis: frozenset(values) for axis, values in chosen.items() if values is not None}


def told_by_hand(question: FigureQuery, figures: Figures, ask: Ask) -> Figures:
    """The figures without those from which, beside others of the same reader, fewer than ten could be worked out.

    Of a selection that is too small by itself not even its size is told: a wider one minus 7 may leave 4.
    """
    filters = filters_of(question)
    if question.audience != "staff" or not (filters or _is_part_by_hand(question)):
        return figures
    tells = _teller(question, filters, ask)
    told = tuple(
        figure if figure.received == 0 or (not figure.suppressed and tells(figure.domain)) else held_back(figure)
        for figure in figures.figures
    )
    if _hides_unknown_kinds(question, ask):
        told = tuple(replace(figure, received=None, left_out=dict.fromkeys(figure.left_out)) for figure in told)
    if told == figures.figures:
        return figures
    large = any(now.suppressed and not was.suppressed for was, now in zip(figures.figures, told, strict=True))
    notes = (Note("told_by_others", str(TOLD_OTHERS)),) if large else ()
    return replace(figures, figures=told, notes=(*figures.notes, *notes))


def _is_part_by_hand(question: FigureQuery) -> bool:
    """Whether it asks for rows of a part of a year each of which can be set by hand, too."""
    return AXIS_OF.get(question.by or "", question.by) in FILTERS and question.period.kind != "year"


def _hides_unknown_kinds(question: FigureQuery, ask: Ask) -> bool:
    """Whether answers that say no respondent kind, which count as received of each kind, are hidden by themselves."""
    if not question.kind_by_hand or question.respondent_kinds is None:
        return False
    table = ask(replace(question, by="respondent_kind", respondent_kinds=None)).figures
    return any(row.domain == UNKNOWN_KIND and row.suppressed and row.received != 0 for row in table)


def _teller(question: FigureQuery, filters: Mapping[str, frozenset[object]], ask: Ask) -> Callable[[str], bool]:
    """Whether a row of the question's breakdown (or, without one, the whole) is told beside all other selections."""
    if not _shown_in_tables(question, filters, ask):
        return lambda _domain: False
    by = AXIS_OF.get(question.by or "", question.by or "")
    axes = [*filters, *([by] if by and by not in filters and by != "sector" else [])]
    places = {axis: _places(question, axis, values) for axis, values in filters.items()}
    if question.period.kind != "year":
        axes.append("month")
        places["month"] = _months(question.period)
    cube = _cube(replace(question, by=None), tuple(axes), ask)

    def tells(domain: str) -> bool:
        own = {**places, by: [_row(question, by, domain)]} if by in axes else places
        chosen = product(*(own[axis] for axis in axes))
        return all(cube.tells(tuple(v for v, _ in each), tuple(level for _, level in each)) for each in chosen)

    return tells


def _shown_in_tables(question: FigureQuery, filters: Mapping[str, frozenset[object]], ask: Ask) -> bool:
    """Whether each filter's values are shown in the table by it, where the others are set."""
    for axis, values in filters.items():
        names = {str(value) for value in values}
        field = _field_of(question, names) if axis == "service" else None
        wider: dict[str, Any] = {"by": "field" if field else axis, FILTERS[axis]: None}
        table = ask(replace(question, **wider)).figures
        hidden = {figure.domain for figure in table if figure.suppressed and figure.received != 0}
        if hidden & ({field} if field else {_codes(question, axis).get(name, name) for name in names}):
            return False
    return True


def _places(question: FigureQuery, axis: str, values: frozenset[object]) -> list[Place]:
    """The values of a filter, or the field that they are."""
    names = {str(value) for value in values}
    if axis == "service" and _field_of(question, names):
        return [(min(names), 1)]
    return [(name, 0) for name in sorted(names)]


def _field_of(question: FigureQuery, ids: set[str]) -> str | None:
    """The field whose services these are; None where it is one service alone, or no field."""
    services = fetch_register(fetch_province(question.province).id).services
    fields = {service.field for id_, service in services.items() if str(id_) in ids}
    for field in fields if len(ids) > 1 else ():
        if field and {str(id_) for id_, service in services.items() if service.field == field} == ids:
            return field
    return None


def _codes(question: FigureQuery, axis: str, level: int = 0) -> dict[str, str]:
    """What rows of a breakdown are called, by the finest value of its axis; {} where that is their name."""
    province_id = fetch_province(question.province).id
    register = fetch_register(province_id)
    match axis, level:
        case "service", 0:
            return {str(id_): service.code for id_, service in register.services.items()}
        case "service", _:
            return {str(id_): service.field for id_, service in register.services.items()}
        case "agency", _:
            _asked, register = in_boundaries(question, province_id, register)
            reported = {str(id_): register.reported(id_) for id_ in register.agencies}
            return {id_: agency.area if level else agency.code for id_, agency in reported.items()}
        case "counter", _:
            counters = fetch_counters(province_id)
            return {str(id_): str(counter.agency_id) if level else counter.code for id_, counter in counters.items()}
        case _:
            return {}


def _row(question: FigureQuery, axis: str, domain: str) -> Place:
    """A row of a breakdown as a place on its axis."""
    level = LEVEL_OF.get(question.by or "", 0)
    codes = _codes(question, axis, level)
    return min((id_ for id_, code in codes.items() if code == domain), default=domain), level


def _months(period: Period) -> list[Place]:
    """A quarter or a half as the group it is, anything else month by month."""
    level = {"quarter": 1, "half": 2}.get(period.kind)
    return [(month, 0) for month in period.months] if level is None else [(period.first, level)]


def _cube(question: FigureQuery, axes: tuple[str, ...], ask: Ask) -> Cube:
    """All answers of the question's year and places, whatever filter is set on these axes."""
    free: dict[str, Any] = {FILTERS[axis]: None for axis in axes if axis in FILTERS}
    first, last = question.period.first[:4], question.period.last[:4]
    years = Period.parse(first if first == last else f"{first}-01..{last}-12")
    period = years if "month" in axes else question.period
    base = replace(question, period=period, beside=False, **free)  # what it is told beside changes no count
    whole = ask(base).total
    unused = whole.unused if whole.estimate is not None and whole.estimate.estimate is not None else frozenset()
    province_id = fetch_province(question.province).id
    asked, _register = in_boundaries(base, province_id, fetch_register(province_id))
    cells = _cells(rating_scope(asked, province_id), axes, unused)
    return Cube(cells, [_groups(base, axis, {key[i] for key in cells}) for i, axis in enumerate(axes)], FEWEST_STAFF)


def _groups(question: FigureQuery, axis: str, values: set[str]) -> list[Mapping[str, str]]:
    """The groups of an axis's values that can be asked for, from the finest to the coarsest."""
    if axis == "month":
        return groups_of_months(question.period.months)
    finest = _codes(question, axis) or {value: value for value in values}
    return [finest, _codes(question, axis, 1)] if axis in GROUPED else [finest]


def groups_of_months(months: Sequence[str]) -> list[Mapping[str, str]]:
    """Months (2026-10) as the groups that can be asked for: themselves, quarters, halves, years."""
    years = sorted({month[:4] for month in months})
    codes = [f"{year}-{part}" for year in years for part in ("Q1", "Q2", "Q3", "Q4", "H1", "H2")]
    group = {(month, code[5]): code for code in codes for month in Period.parse(code).months}
    quarters, halves = ({month: group[month, kind] for month in months} for kind in "QH")
    return [{month: month for month in months}, quarters, halves, {month: month[:4] for month in months}]


@read_once
def _cells(
    scope: RatingScope, axes: tuple[str, ...], unused: frozenset[AgencyService]
) -> dict[tuple[str, ...], tuple[int, int]]:
    """Answers received and used of each combination of finest values."""
    totals: Counter[tuple[str, ...]] = Counter()
    used: Counter[tuple[str, ...]] = Counter()
    for cells, channel in _read(scope, axes):
        columns = [_column(cells, axis, channel) for axis in axes]
        key = np.zeros(len(cells), dtype=np.int64)
        for codes, names in columns:
            key = key * max(len(names), 1) + codes
        coding, came = compress(key), cells.sums["responses"]
        of_all, of_used = (
            total_by(coding.codes, n, coding.size) for n in (came, np.where(_in(cells, unused), 0, came))
        )
        for first, n, n_used in zip(coding.first.tolist(), of_all.tolist(), of_used.tolist(), strict=True):
            place = tuple(names[codes[first]] for codes, names in columns)
            totals[place] += round(n)
            used[place] += round(n_used)
    return {place: (n, used[place]) for place, n in totals.items() if n}


def _in(cells: RatingCells, pairs: frozenset[AgencyService]) -> Bools:
    """Which cells (K,) are of one of these agencies' answers about a service."""
    span = int(cells.service.max(initial=0)) + 1
    return np.isin(cells.agency * span + cells.service, [a * span + s for a, s in pairs if s < span])


def _read(scope: RatingScope, axes: tuple[str, ...]) -> Iterator[tuple[RatingCells, str]]:
    """The cells with what `axes` need; where both are needed, by language, each channel by itself (its code)."""
    if "language" in axes:
        parts = sorted(scope.channels or codebook().channels) if "channel" in axes else [""]
        for channel in parts:
            one_channel = replace(scope, channels=frozenset({channel})) if channel else scope
            yield fetch_rating_cells(one_channel, dimension="language"), channel
    elif scope.items or scope.rated_items or scope.languages is not None:
        yield fetch_rating_cells(scope, dimension="channel"), ""
    else:
        yield from ((counts.cells("channel"), "") for counts in fetch_counts(scope))


def _column(cells: RatingCells, axis: str, channel: str) -> tuple[Ints, Sequence[str]]:
    """The value of each cell on an axis, as a code (K,) and what the codes stand for; '' where it names none."""
    match axis:
        case "month":
            return cells.month, cells.months
        case "respondent_kind":
            return cells.kind, cells.kinds
        case "channel" if channel:
            return np.zeros(len(cells), dtype=np.int64), [channel]
        case "channel" | "language":
            return cells.dimension, cells.labels
        case _:
            ids, codes = np.unique(getattr(cells, axis), return_inverse=True)
            return codes.astype(np.int64), [str(id_ or "") for id_ in ids.tolist()]
