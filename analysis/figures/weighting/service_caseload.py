"""The caseload of services that were weighted by a whole sector: known, although no post-stratum is theirs alone.

Where an agency's post-strata became one (agency x sector), every service it has lies across post-strata, and statistics
knows no N of it. The register does: one such agency must not take N and response rate from a service of the province.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from analysis.figures.breakdowns import OF_SERVICES
from analysis.figures.register import UnitRegister
from analysis.figures.weighting.breakdown import domain_of_post_stratum
from analysis.figures.weighting.population import Amount, Population
from analysis.figures.weighting.post_strata import PostStratum
from analysis.statistics.disclosure.primary import hidden_count
from analysis.statistics.estimation import Estimation

Key = tuple[int, int]


class ServiceCaseload(NamedTuple):
    """N of a domain by the register, and how many of the answers in its figure name a service that is in N."""

    caseload: float
    n: int


def service_caseloads(
    by: str | None,
    known: Mapping[Key, Population],
    kinds: frozenset[str] | None,
    used: Iterable[tuple[Key, int]],
    register: UnitRegister,
) -> dict[str, ServiceCaseload]:
    """By domain, for breakdowns by service or field; empty for others.

    Args:
        by: the breakdown.
        known: the caseload of every (agency, service) in the scope.
        kinds: the respondent kinds in question, None for all.
        used: (agency, service) of the answers in a figure, and how many.
        register: names agencies and services.
    """
    if by not in OF_SERVICES:
        return {}
    caseload: dict[str, Amount] = defaultdict(int)
    counted: set[Key] = set()
    for key, population in known.items():
        domain = domain_of_post_stratum(by, PostStratum(*key), register)
        quarters = population.of_kinds(kinds).values()
        if domain is not None and quarters:
            caseload[domain] += sum(sum(of_kind.values()) for of_kind in quarters)
            counted.add(key)
    n: Counter[str] = Counter()
    for key, count in used:
        if key in counted:
            n[domain_of_post_stratum(by, PostStratum(*key), register) or ""] += count
    return {domain: ServiceCaseload(float(amount), n[domain]) for domain, amount in caseload.items()}


def with_caseloads(estimation: Estimation, caseloads: Mapping[str, ServiceCaseload]) -> Estimation:
    """The same with N and response rate where statistics cannot know them.

    No rate where it would tell a count under 5: that of the answers naming a service which is not in N.
    """
    domains = []
    for domain in estimation.domains:
        own = caseloads.get(domain.domain)
        if own is not None and domain.caseload is None and domain.estimate is not None:
            beside = domain.n - own.n
            domains.append(domain.with_caseload(own.caseload, None if beside and hidden_count(beside) else own.n))
        else:
            domains.append(domain)
    return replace(estimation, domains=tuple(domains))
