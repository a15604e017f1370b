"""What a table by agency, service, field or counter holds back because the other tables of the same answers are there.

Whoever reads two of them adds and subtracts across both (`analysis.statistics.disclosure.crossed`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from analysis.figures.weighting.breakdown import domain_of_post_stratum
from analysis.figures.weighting.post_strata import PostStratum
from analysis.figures.weighting.prepare import Prepared
from analysis.statistics.disclosure.crossed import Hidden, crossed
from analysis.statistics.disclosure.primary import FEWEST_STAFF

TABLES = ("agency", "service", "field", "counter")
Pairs = Counter[tuple[str, str]]


def hidden_beside(prepared: Prepared, thin: Collection[str]) -> frozenset[str]:
    """The rows that are `thin`, and those that tables by something else would tell them from."""
    if prepared.by not in TABLES:
        return frozenset(thin)
    of_agencies, of_fields, of_counters = _pairs(prepared)
    own = {name: frozenset(thin if prepared.by == name else ()) for name in TABLES}
    agencies = own["agency"] | _few(of_agencies, 0)
    services, fields = own["service"] | _few(of_agencies, 1), own["field"] | _few(of_fields, 0)
    while True:
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
