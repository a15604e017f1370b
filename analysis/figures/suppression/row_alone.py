"""The answers of one row of a breakdown, asked about alone: whom its counters, channels and days are those of.

Its share is not asked for this way: alone, thin post-strata are pooled otherwise than in the table.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.figures.query import FigureQuery
from analysis.figures.register import UnitRegister, fetch_counters, fetch_province, fetch_register
from analysis.figures.weighting.boundaries import in_boundaries
from analysis.figures.weighting.breakdown import domain_of_post_stratum
from analysis.figures.weighting.post_strata import PostStratum
from survey.foundation.periods import Period


def row_alone(question: FigureQuery, domain: str) -> FigureQuery:
    """`question` without its breakdown, narrowed to the answers of the row `domain`.

    Raises UnknownProvince.
    """
    whole = replace(question, by=None)
    match question.by:
        case "agency" | "area":
            return replace(whole, agencies=_agencies(question, domain))
        case "service" | "field":
            return replace(whole, services=_services(question, domain))
        case "month" | "year":
            return replace(whole, period=Period.parse(domain))
        case "counter":
            return replace(whole, counters=_counters(question, domain))
        case "channel":
            return replace(whole, channels=frozenset({domain}))
        case "language":
            return replace(whole, languages=frozenset({domain}))
        case "respondent_kind":
            return replace(whole, respondent_kinds=(domain,), kind_by_hand=True)
        case _:
            return whole


def _agencies(question: FigureQuery, domain: str) -> frozenset[int]:
    asked, register = _in_boundaries(question)
    among = register.agencies.keys() if asked.agencies is None else asked.agencies
    return frozenset(
        id_ for id_ in among if domain_of_post_stratum(question.by, PostStratum(id_, 0), register) == domain
    )


def _services(question: FigureQuery, domain: str) -> frozenset[int]:
    _asked, register = _in_boundaries(question)
    among = register.services.keys() if question.services is None else question.services
    code = "code" if question.by == "service" else "field"
    return frozenset(id_ for id_ in among if getattr(register.services[id_], code) == domain)


def _counters(question: FigureQuery, domain: str) -> frozenset[int]:
    counters = fetch_counters(fetch_province(question.province).id)
    return frozenset(id_ for id_, counter in counters.items() if counter.code == domain)


def _in_boundaries(question: FigureQuery) -> tuple[FigureQuery, UnitRegister]:
    province_id = fetch_province(question.province).id
    return in_boundaries(question, province_id, fetch_register(province_id))
