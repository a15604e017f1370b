"""Assigns every group of ratings to a post-stratum: agency x service (x respondent kind) (x calendar quarter).

Answers that name no service, or one without a caseload, stay in the unweighted figures only, unless they are more than
a tenth of their agency's answers: then the agency's post-strata become one (a quarter), agency x sector. Every answer
that names a service with a caseload weighs something: those that do not say their respondent kind are a post-stratum of
their own, and those of a quarter without a caseload join the nearest that has one (docs/statistics.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.figures.quarters import nearest_quarter
from analysis.figures.rating_queries import RatingGroup
from analysis.figures.weighting.population import Amount, Population, whole
from analysis.statistics.counts import exact_share, share_of
from survey.foundation.vocabulary import UNKNOWN_KIND

MOST_UNASSIGNED = 0.10
MOST_UNKNOWN_KIND = 0.05


class PostStratum(NamedTuple):
    """A group of known caseload. `service_id` 0: the whole sector of the agency; -1: answers without a caseload.

    `quarter` is '' in periods of up to three months.
    """

    agency_id: int
    service_id: int
    kind: str = ""
    quarter: str = ""


UNASSIGNED = -1
WHOLE_SECTOR = 0
SERVICE_UNKNOWN, NO_CASELOAD = "service_unknown", "no_caseload"  # why answers weigh nothing


@dataclass
class Assignment:
    """The post-stratum of each group (aligned), each one's caseload (silent ones too), and what to tell."""

    post_strata: list[PostStratum] = field(default_factory=list)
    caseloads: dict[PostStratum, Amount] = field(default_factory=dict)
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


def why_unassigned(group: RatingGroup) -> str:
    """Why a group without a caseload has none."""
    return NO_CASELOAD if group.service_id else SERVICE_UNKNOWN


def _assign_agency(
    agency_id: int,
    groups: list[RatingGroup],
    served: Mapping[int, Population],
    kinds: frozenset[str] | None,
    result: Assignment,
    chosen: dict[int, PostStratum],
) -> None:
    of_service: dict[int | None, list[RatingGroup]] = defaultdict(list)
    for group in groups:
        of_service[group.service_id].append(group)
    caseloads: dict[PostStratum, Amount] = {}
    for service_id, population in served.items():
        service = PostStratum(agency_id, service_id)
        caseloads |= _assign_service(service, population, of_service[service_id], kinds, chosen)
    lost = [group for group in groups if id(group) not in chosen]
    answers, without = (sum(group.responses for group in some) for some in (groups, lost))
    if answers and not caseloads:
        result.without_caseload.add(agency_id)
    elif without > MOST_UNASSIGNED * answers:
        caseloads = _assign_sector(PostStratum(agency_id, WHOLE_SECTOR), caseloads, groups, chosen)
        result.whole_sector[agency_id] = share_of(without, answers) or 0.0
    if lost and agency_id not in result.whole_sector:
        nowhere = PostStratum(agency_id, UNASSIGNED)
        chosen.update({id(group): nowhere for group in lost})
        caseloads[nowhere] = 0
        result.unassigned[agency_id] = without
    result.caseloads |= caseloads
    if borrowed := {service_id for service_id, population in served.items() if population.provisional}:
        result.provisional |= _resting_on(borrowed, caseloads)
    if in_part := {service_id for service_id, population in served.items() if population.in_proportion}:
        result.in_proportion |= _resting_on(in_part, caseloads)


def _resting_on(services: set[int], caseloads: Iterable[PostStratum]) -> set[PostStratum]:
    return {
        caseload for caseload in caseloads if caseload.service_id in services or caseload.service_id == WHOLE_SECTOR
    }


def _assign_service(
    service: PostStratum,
    population: Population,
    groups: Sequence[RatingGroup],
    kinds: frozenset[str] | None,
    chosen: dict[int, PostStratum],
) -> dict[PostStratum, Amount]:
    """The caseloads of one agency's service, with its answers assigned to them; nothing where it has none."""
    known = population.of_kinds(kinds)
    if not known:
        return {}
    reported = tuple(known)
    at = {quarter: nearest_quarter(quarter, reported) for quarter in {group.quarter for group in groups}}
    agency_id, service_id = service.agency_id, service.service_id
    counts = _counts_of_kinds(known, groups, at) if population.told_apart else None
    if counts is None:
        whole_of = {quarter: PostStratum(agency_id, service_id, "", quarter) for quarter in known}
        chosen.update({id(group): whole_of[at[group.quarter]] for group in groups})
        return {post_stratum: sum(known[quarter].values()) for quarter, post_stratum in whole_of.items()}
    for group in groups:
        quarter = at[group.quarter]
        chosen[id(group)] = PostStratum(agency_id, service_id, _kind_there(group, known[quarter]), quarter)
    return {
        PostStratum(agency_id, service_id, kind, quarter): n
        for quarter, of_kind in known.items()
        for kind, n in _with_unknown(of_kind, counts[quarter]).items()
    }


def _kind_there(group: RatingGroup, of_kind: Mapping[str, Amount]) -> str:
    """A group's respondent kind as far as the caseload has it."""
    return group.respondent_kind if group.respondent_kind in of_kind else UNKNOWN_KIND


def _counts_of_kinds(
    known: Mapping[str, Mapping[str, Amount]], groups: Sequence[RatingGroup], at: Mapping[str, str]
) -> dict[str, Counter[str]] | None:
    """The answers of each kind by quarter; None where more than one in twenty lacks its kind: no split."""
    counts: dict[str, Counter[str]] = {quarter: Counter() for quarter in known}
    for group in groups:
        quarter = at[group.quarter]
        counts[quarter][_kind_there(group, known[quarter])] += group.responses
    unknown = sum(of_quarter[UNKNOWN_KIND] for of_quarter in counts.values())
    answers = sum(of_quarter.total() for of_quarter in counts.values())
    return counts if unknown <= MOST_UNKNOWN_KIND * answers else None


def _with_unknown(of_kind: Mapping[str, Amount], counts: Counter[str]) -> Mapping[str, Amount]:
    """N_u = N n_u / n for those who do not say their kind, and N_k (1 - n_u / n) of each kind."""
    if not counts[UNKNOWN_KIND]:
        return of_kind
    unknown = exact_share(counts[UNKNOWN_KIND], counts.total()) or 0
    amounts = {kind: whole(n * (1 - unknown)) for kind, n in of_kind.items()}
    amounts[UNKNOWN_KIND] = whole(sum(of_kind.values()) * unknown)
    return {kind: n for kind, n in amounts.items() if n}


def _assign_sector(
    sector: PostStratum,
    caseloads: Mapping[PostStratum, Amount],
    groups: Sequence[RatingGroup],
    chosen: dict[int, PostStratum],
) -> dict[PostStratum, Amount]:
    """All services of the agency as one post-stratum a quarter."""
    amounts_by_key: dict[PostStratum, Amount] = defaultdict(int)
    for post_stratum, n in caseloads.items():
        amounts_by_key[sector._replace(quarter=post_stratum.quarter)] += n
    reported = tuple(post_stratum.quarter for post_stratum in amounts_by_key)
    for group in groups:
        chosen[id(group)] = sector._replace(quarter=nearest_quarter(group.quarter, reported))
    return {post_stratum: whole(n) for post_stratum, n in amounts_by_key.items()}
