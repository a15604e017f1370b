"""Assigns every group of ratings to a post-stratum: agency x service, x respondent kind where the caseload has it.

Answers that name no service, or one without a caseload, follow docs/statistics.md:
they stay in the unweighted figures only, unless they are more than a tenth of their agency's answers - then the
agency's post-strata become one, agency x sector.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.figures.rating_queries import RatingGroup
from analysis.figures.weighting.population import Population
from analysis.statistics.counts import share_of
from survey.foundation.vocabulary import UNKNOWN_KIND

MOST_UNASSIGNED = 0.10
MOST_UNKNOWN_KIND = 0.05


class PostStratum(NamedTuple):
    """A group of known caseload. `service_id` 0: the whole sector of the agency; -1: answers without a caseload."""

    agency_id: int
    service_id: int
    kind: str = ""


UNASSIGNED = -1
WHOLE_SECTOR = 0


@dataclass
class Assignment:
    """The post-stratum of each group (aligned), each one's caseload (silent ones too), and what to tell."""

    post_strata: list[PostStratum] = field(default_factory=list)
    caseloads: dict[PostStratum, float] = field(default_factory=dict)
    provisional: set[PostStratum] = field(default_factory=set)  # weighted with a borrowed caseload
    in_proportion: set[PostStratum] = field(default_factory=set)  # weighted with a part of a month's caseload
    without_caseload: set[int] = field(default_factory=set)
    whole_sector: dict[int, float] = field(default_factory=dict)  # agency -> share of answers that forced it
    unassigned: Counter[int] = field(default_factory=Counter)  # agency -> answers in unweighted figures only


def assign(
    groups: Iterable[RatingGroup],
    populations: Mapping[tuple[int, int], Population],
    kinds: frozenset[str] | None = None,
) -> Assignment:
    """Post-stratum of each group, in order, and all caseloads of the scope.

    Args:
        groups: as fetched; those of other respondent kinds are already left out.
        populations: of every (agency, service) in the scope, silent ones included.
        kinds: the respondent kinds in question; None means all. Caseloads split by kind are then taken in part.
    """
    result = Assignment()
    of_agency: dict[int, list[RatingGroup]] = defaultdict(list)
    ordered = list(groups)
    for group in ordered:
        of_agency[group.agency_id].append(group)
    served: dict[int, dict[int, Population]] = defaultdict(dict)
    for (agency_id, service_id), population in populations.items():
        served[agency_id][service_id] = population
    chosen: dict[int, PostStratum] = {}
    for agency_id in sorted(of_agency.keys() | served.keys()):
        _assign_agency(agency_id, of_agency[agency_id], served[agency_id], kinds, result, chosen)
    result.post_strata = [chosen[id(group)] for group in ordered]
    return result


def _assign_agency(
    agency_id: int,
    groups: list[RatingGroup],
    served: Mapping[int, Population],
    kinds: frozenset[str] | None,
    result: Assignment,
    chosen: dict[int, PostStratum],
) -> None:
    split = {service_id for service_id, population in served.items() if _may_split(service_id, population, groups)}
    caseloads = _caseloads(agency_id, served, split, kinds)
    nowhere = PostStratum(agency_id, UNASSIGNED)
    for group in groups:
        found = PostStratum(
            agency_id, group.service_id or UNASSIGNED, group.respondent_kind if group.service_id in split else ""
        )
        chosen[id(group)] = found if caseloads.get(found) else nowhere
    total = sum(caseloads.values())
    answers = sum(group.responses for group in groups)
    lost = sum(group.responses for group in groups if chosen[id(group)] == nowhere)
    if answers and not total:
        result.without_caseload.add(agency_id)
    elif lost > MOST_UNASSIGNED * answers:
        whole = PostStratum(agency_id, WHOLE_SECTOR)
        caseloads = {whole: total}
        chosen.update({id(group): whole for group in groups})
        result.whole_sector[agency_id] = share_of(lost, answers) or 0.0
    if lost and agency_id not in result.whole_sector:
        caseloads[nowhere] = 0.0
        result.unassigned[agency_id] = lost
    result.caseloads.update(caseloads)
    borrowed = {service_id for service_id, population in served.items() if population.provisional}
    in_part = {service_id for service_id, population in served.items() if population.in_proportion}
    result.provisional |= _resting_on(borrowed, caseloads)
    result.in_proportion |= _resting_on(in_part, caseloads)


def _resting_on(services: set[int], caseloads: Iterable[PostStratum]) -> set[PostStratum]:
    return {one for one in caseloads if one.service_id in services or (one.service_id == WHOLE_SECTOR and services)}


def _may_split(service_id: int, population: Population, groups: list[RatingGroup]) -> bool:
    if not population.by_kind:
        return False
    here = [group for group in groups if group.service_id == service_id]
    unknown = sum(group.responses for group in here if group.respondent_kind == UNKNOWN_KIND)
    return unknown <= MOST_UNKNOWN_KIND * sum(group.responses for group in here)


def _caseloads(
    agency_id: int, served: Mapping[int, Population], split: set[int], kinds: frozenset[str] | None
) -> dict[PostStratum, float]:
    caseloads: dict[PostStratum, float] = {}
    for service_id, population in served.items():
        of_kind = {k: n for k, n in population.by_kind.items() if kinds is None or k in kinds}
        if service_id in split:
            caseloads.update({PostStratum(agency_id, service_id, kind): n for kind, n in of_kind.items()})
        else:
            total = sum(of_kind.values()) if population.by_kind else population.total
            caseloads[PostStratum(agency_id, service_id)] = total
    return caseloads
