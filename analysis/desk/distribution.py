"""What lies under one share: how often each rating was given, and the items behind it. Plain counts, not weighted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from analysis.figures.figure import AgencyService
from analysis.figures.store.counts import fetch_value_counts
from analysis.figures.weighting.prepare import closed_before, rating_scope
from analysis.presentation.selection import Selection, definition_of, services_of
from analysis.presentation.selection_queries import fetch_item_counts
from analysis.statistics.counts import share_of
from analysis.statistics.disclosure.complementary import told_levels
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.languages.language import current_language
from survey.foundation.vocabulary import SATISFIED, SCALE
from survey.questionnaires.definition import Item


@dataclass(frozen=True)
class Bar:
    """One rating: its words, count (None: under 5, or it would tell such a count) and share of all answers."""

    value: int
    label: str
    count: int | None
    share: float | None


@dataclass(frozen=True)
class ItemRow:
    """One question of the form: how many rated it 1-5, and the share of 4 and 5 among them; `code` of detailed ones."""

    code: str | None
    text: str
    factor_code: str
    factor: str
    n: int
    good: int
    share: float | None


def distribution(selection: Selection, kept_out: Collection[AgencyService] = ()) -> list[Bar]:
    """The five ratings from the best to the worst; empty when too few answered to show any.

    `kept_out`: whose answers the figure above leaves out of its plain shares (`Figure.kept_out`).
    """
    counts = _counts(selection, kept_out)
    total = sum(counts.values())
    if total < FEWEST_STAFF:
        return []
    told = told_levels({value: counts.get(value, 0) for value in sorted(SCALE, reverse=True)})
    return [_bar(value, n, total) for value, n in told.items()]


def _counts(selection: Selection, kept_out: Collection[AgencyService]) -> Mapping[int, int]:
    """By value; of a detailed question as its items are counted, of a factor none."""
    if selection.factor:
        return {}
    if selection.item:
        counts = _item_counts(selection, kept_out).get(selection.item, {})
        return {value: n for value, n in counts.items() if value in SCALE}
    scope = rating_scope(selection.question(), selection.scope.province.id)
    counts = Counter(fetch_value_counts(scope))
    for agency_id, service_id in kept_out:
        theirs = replace(scope, agency_ids=frozenset({agency_id}), service_ids=frozenset({service_id}))
        counts.subtract(fetch_value_counts(theirs))
    return counts


def _item_counts(selection: Selection, kept_out: Collection[AgencyService]) -> Mapping[str, Mapping[int, int]]:
    """By item and value, as far as items are counted: by agency, service and month only, else nothing."""
    if selection.counter or selection.channel or selection.kind or selection.language:
        return {}
    services = selection.services
    if services is None:
        services = frozenset({0, *(service.id for service in services_of(selection))})
    province_id, months = selection.scope.province.id, selection.period.months
    closed_at = closed_before(selection.question(), province_id)
    counts = fetch_item_counts(province_id, months, selection.agencies, services, closed_at=closed_at)
    for agency_id, service_id in kept_out:
        place = (frozenset({agency_id}), frozenset({service_id}))
        theirs = fetch_item_counts(province_id, months, *place, closed_at=closed_at)
        counts = {item: Counter(of) - Counter(theirs.get(item, {})) for item, of in counts.items()}
    return counts


def _bar(value: int, count: int | None, total: int) -> Bar:
    return Bar(value, str(SCALE[value]), count, None if count is None else share_of(count, total))


@dataclass(frozen=True)
class FactorRow:
    """One factor of the form: how many answers 1-5 its items got together, and the share of 4 and 5 among them."""

    code: str
    name: str
    n: int
    share: float | None


def factor_rows(items: list[ItemRow]) -> list[FactorRow]:
    """The factors of the items, in the form's order; each item counts as often as it was answered.

    Items of fewer than ten answers count where these are ten together and of several: the others stand beside them.
    """
    rows = []
    for code, name in dict.fromkeys((item.factor_code, item.factor) for item in items if item.factor):
        own = [item for item in items if item.factor_code == code]
        few = [item.n for item in own if 0 < item.n < FEWEST_STAFF]
        if len(few) < len(own) and few and (len(few) < 2 or sum(few) < FEWEST_STAFF):
            own = [item for item in own if item.n >= FEWEST_STAFF] or own
        n = sum(item.n for item in own)
        good = sum(item.good for item in own)
        rows.append(FactorRow(code, name, n, share_of(good, n) if n >= FEWEST_STAFF else None))
    return rows


def item_rows(selection: Selection, kept_out: Collection[AgencyService] = ()) -> list[ItemRow]:
    """The items of the sector's newest questionnaire with enough answers, in the form's order.

    Items are counted by agency, service and month only: narrowed by anything else there are none to show. Of a service
    or a field, none that fewer than ten rated elsewhere. `kept_out`: as for `distribution`.
    """
    definition = definition_of(selection.subject)
    if definition is None:
        return []
    counts = _item_counts(selection, kept_out)
    wider = _rated_at_all(selection, counts)
    language = current_language()
    factors = {factor.code: factor.label(language) for factor in definition.factors}
    return [
        _item_row(item, language, factors.get(item.factor or "", ""), counts[item.code])
        for item in definition.items
        if item.code in counts and item.is_rated and not 0 < wider[item.code] - _rated(counts[item.code]) < FEWEST_STAFF
    ]


def _rated_at_all(selection: Selection, counts: Mapping[str, Mapping[int, int]]) -> dict[str, int]:
    """How many rated each item, whatever the service."""
    if selection.services is None:
        return {item: _rated(of) for item, of in counts.items()}
    return {item: _rated(of) for item, of in _item_counts(replace(selection, service="", field=""), ()).items()}


def _rated(counts: Mapping[int, int]) -> int:
    return sum(count for value, count in counts.items() if value in SCALE)


def _item_row(item: Item, language: str, factor: str, counts: Mapping[int, int]) -> ItemRow:
    rated = {value: count for value, count in counts.items() if value in SCALE}
    n = sum(rated.values())
    good = sum(count for value, count in rated.items() if value >= SATISFIED)
    code = None if item.subject else item.code
    share = share_of(good, n) if n >= FEWEST_STAFF else None
    return ItemRow(code, item.label(language), item.factor or "", factor, n, good, share)
