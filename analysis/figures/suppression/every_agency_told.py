"""Whether a province's table by agency tells every row, as far as counts alone can say so: the table need not be made.

Enough, though not needed: whoever answered gave eleven answers of the kinds in question, and has a caseload. Then ten
of them at least are used, for no more than a tenth of an agency's answers goes without a caseload
(`weighting/post_strata.py`) and pools of ten answers are never left out (`cells/collapse.py`); so no row is thin, none
stands beside a thin one, and the rows add up to the total.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, fetch_services
from analysis.figures.states import state_told
from analysis.figures.store.counts import fetch_answers_by_agency
from analysis.figures.suppression.by_hand import filters_of
from analysis.figures.weighting.prepare import rating_scope
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT, UNKNOWN_KIND
from survey.registry.queries import fetch_handling

ENOUGH = FEWEST_STAFF + 1

read_handling = read_once(fetch_handling)  # subjects of a sector have the same caseloads
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
    sector = SECTOR_OF_SUBJECT[question.subject]
    services = frozenset(service.id for service in fetch_services() if service.sector == sector)
    counting = None if kinds is None else kinds | {""}
    return counted.keys() <= read_handling(scope.province_id, question.period.months, services, counting)
