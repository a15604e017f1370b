"""Breakdowns: which domain a cell belongs to, and inside which groups its post-stratum may be pooled.

A pool never crosses the domain that is reported (`analysis.statistics.cells.collapse.parents`).
"""

from __future__ import annotations

from analysis.figures.rating_queries import RatingGroup
from analysis.figures.register import UnitRegister
from analysis.figures.weighting.post_strata import PostStratum
from analysis.statistics.cells.collapse import parents


def domain_of_post_stratum(by: str | None, post_stratum: PostStratum, register: UnitRegister) -> str | None:
    """Domain of a post-stratum as a whole (silent ones have no cells); None where domains cross post-strata."""
    if by is None or by == "sector":
        return ""
    agency = register.reported(post_stratum.agency_id)
    service = register.services.get(post_stratum.service_id)
    match by:
        case "agency":
            return agency.code
        case "area":
            return agency.area or None
        case "service":
            return service.code if service else None
        case "field":
            return service.field or None if service else None
        case "respondent_kind":
            return post_stratum.kind or None
        case _:
            return None


def domain_of_group(by: str | None, group: RatingGroup, dimension: str, register: UnitRegister) -> str | None:
    """Domain of a group's ratings; None when it belongs to none (a service breakdown of answers that name no service).

    `dimension`: their channel, language or counter (its id), where that is the breakdown.
    """
    if by is None:
        return ""
    match by:
        case "respondent_kind":
            return group.respondent_kind
        case "channel" | "language":
            return dimension
        case "counter":
            counter = register.counters.get(int(dimension))
            return counter.code if counter else None
        case _:
            own = PostStratum(group.agency_id, group.service_id or 0)
            return domain_of_post_stratum(by, own, register)


def collapse_chain(
    by: str | None,
    post_stratum: PostStratum,
    register: UnitRegister,
    *,
    sector: str,
    single_agency: bool,
) -> tuple[tuple[object, ...], ...]:
    """The groups inside which a thin agency x service x kind is pooled, nearest first (`statistics.parents`)."""
    agency = register.agencies[post_stratum.agency_id]
    above = register.agencies.get(agency.parent_id or 0)
    return parents(
        "agency_service" if by == "service" and single_agency else by or "",
        domain=domain_of_post_stratum(by, post_stratum, register) or "",
        agency=agency.code,
        sector=sector,
        parent_agency=above.code if above else None,
        province="",
    )
