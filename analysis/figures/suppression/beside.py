"""What a table by agency, service, field or counter holds back because the other tables of the same answers are there.

Whoever reads two of them adds and subtracts across both (`analysis.statistics.disclosure.crossed`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.weighting.boundaries import read_standings
from analysis.figures.weighting.breakdown import domain_of_post_stratum
from analysis.figures.weighting.post_strata import PostStratum
from analysis.figures.weighting.prepare import Prepared
from analysis.statistics.disclosure.crossed import Hidden, crossed
from analysis.statistics.disclosure.primary import FEWEST_STAFF
from survey.foundation.clock import today

TABLES = ("agency", "service", "field", "counter")
Pairs = Counter[tuple[str, str]]


def hidden_beside(question: FigureQuery, prepared: Prepared, thin: Collection[str]) -> frozenset[str]:
    """The rows that are `thin`, and those that tables by something else would tell them from."""
    if prepared.by not in TABLES or not thin:
        return frozenset(thin)
    of_agencies, of_fields, of_counters = _pairs(prepared)
    own = {name: frozenset(thin if prepared.by == name else ()) for name in TABLES}
    agencies = own["agency"] | _few(of_agencies, 0)
    services, fields = own["service"] | _few(of_agencies, 1), own["field"] | _few(of_fields, 0)
    of_heirs = _of_heirs(question, prepared, of_agencies)
    while True:
        agencies = crossed(of_heirs, Hidden(frozenset(), agencies), fewest=FEWEST_STAFF).services
        by_field = crossed(of_fields, Hidden(fields, services), fewest=FEWEST_STAFF)  # the narrower groups first
        by_agency = crossed(of_agencies, Hidden(agencies, by_field.services), fewest=FEWEST_STAFF)
        after = (by_agency.agencies, by_agency.services, by_field.agencies)
        if after == (agencies, services, fields):
            break
        agencies, services, fields = after
    counters = own["counter"]
    if prepared.by == "counter":
        counters = crossed(of_counters, Hidden(agencies, counters), fewest=FEWEST_STAFF).services
    return {"agency": agencies, "service": services, "field": fields, "counter": counters}[prepared.by]


def _of_heirs(question: FigureQuery, prepared: Prepared, of_agencies: Pairs) -> Pairs:
    """The answers of each agency of the time under the one that counts them in today's boundaries."""
    of_heirs = Pairs()
    if question.boundaries != "then":
        return of_heirs
    codes = {id_: agency.code for id_, agency in prepared.register.agencies.items()}
    standings = read_standings(fetch_province(question.province).id, today())
    heirs = {codes[id_]: codes.get(standing.counted_under or 0) for id_, standing in standings.items() if id_ in codes}
    for (agency, _service), n in of_agencies.items():
        of_heirs[heirs.get(agency) or agency, agency] += n
    return of_heirs


def _few(pairs: Mapping[tuple[str, str], int], side: int) -> frozenset[str]:
    sums = Counter[str]()
    for pair, n in pairs.items():
        sums[pair[side]] += n
    return frozenset(row for row, n in sums.items() if n < FEWEST_STAFF)


def _pairs(prepared: Prepared) -> tuple[Pairs, Pairs, Pairs]:
    """The answers used of each (agency, service), (field, service) and (agency, counter) that are told apart."""
    of_agencies, of_fields, of_counters = Pairs(), Pairs(), Pairs()
    for domain, disposition in prepared.dispositions.items():
        for (agency_id, service_id), n in disposition.used.items():
            post_stratum = PostStratum(agency_id, service_id)
            agency = domain_of_post_stratum("agency", post_stratum, prepared.register)
            if agency and domain:
                of_counters[agency, domain] += n
            if not agency or not service_id:
                continue
            service = prepared.register.services[service_id]
            of_agencies[agency, service.code] += n
            if service.field:
                of_fields[service.field, service.code] += n
    return of_agencies, of_fields, of_counters
