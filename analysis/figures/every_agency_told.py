"""Whether a province's table by agency tells every row, as far as counts alone can say so: the table need not be made.

Enough, though not needed: whoever answered gave eleven answers of the kinds in question, and has a caseload. Then ten
of them at least are used, for no more than a tenth of an agency's answers goes without a caseload
(`analysis.figures.weighting.post_strata`) and pools of ten answers are never left out (`analysis.statistics.collapse`);
so no row is thin, none stands beside a thin one, and the rows add up to the total.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from analysis.figures.by_hand import filters_of
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, fetch_services
from analysis.figures.states import state_told
from analysis.figures.store.counts import fetch_answers_by_agency
from analysis.figures.weighting.prepare import rating_scope, read_caseloads
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT, UNKNOWN_KIND
from survey.foundation.weighted_lru import State, WeightedLru

ENOUGH = FEWEST_STAFF + 1


_KNOWN: WeightedLru[bool] = WeightedLru(20_000, lambda _: 1)


def tells_every_agency(question: FigureQuery) -> bool:
    """Whether it certainly does; `question` is about the whole province, without breakdown.

    Raises UnknownProvince.
    """
    by_hand = bool(filters_of(question)) or bool(question.period.cut_months)
    if question.audience != "staff" or not question.rests_on_sums or by_hand:
        return False
    state = state_told(question)
    return _KNOWN.get_in(None if state is None else State(question, state), lambda: _counts_tell(question))


def _counts_tell(question: FigureQuery) -> bool:
    scope = rating_scope(question, fetch_province(question.province).id)
    counted = fetch_answers_by_agency(scope)
    received, kinds = counted, scope.respondent_kinds
    if kinds is not None:
        received = fetch_answers_by_agency(replace(scope, respondent_kinds=kinds | {UNKNOWN_KIND}))
    if any(counted.get(agency_id, 0) < ENOUGH for agency_id in received):
        return False
    return counted.keys() <= _agencies_with_caseload(question, scope.province_id, kinds)


def _agencies_with_caseload(question: FigureQuery, province_id: int, kinds: frozenset[str] | None) -> set[int]:
    """Those with dossiers of these kinds of one service in half of the period's months: it then has a caseload."""
    sector, months = SECTOR_OF_SUBJECT[question.subject], question.period.months
    services = {service.id for service in fetch_services() if service.sector == sector}
    counted = None if kinds is None else kinds | {""}
    months_of: dict[tuple[int, int], set[str]] = defaultdict(set)
    for month in months:
        for row in read_caseloads(province_id, (month,), None):
            if row.count and row.service_id in services and (counted is None or row.respondent_kind in counted):
                months_of[row.agency_id, row.service_id].add(month)
    return {agency_id for (agency_id, _service), handled in months_of.items() if 2 * len(handled) >= len(months)}
