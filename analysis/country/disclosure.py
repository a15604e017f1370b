"""What of a country may be published: it and its provinces are one table, and country minus 33 provinces is an attack.

Provinces publish tables of their own. A domain of the country is shown only where its provinces' hidden figures, which
country minus the others would give away together, are none or at least two with at least 30 answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analysis.country.question import ProvinceEstimates
from analysis.statistics.disclosure.complementary import complement, complement_of_all
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC, Audience, Showing, showing
from analysis.statistics.domains import DomainEstimate


def hidden_provinces(provinces: Sequence[ProvinceEstimates]) -> frozenset[str]:
    """The provinces whose own figure may not stand beside that of the country, by key."""
    answers = {province.province: province.whole.responses for province in provinces}
    used = {province.province: province.whole.n for province in provinces}
    received = {province.province: province.received for province in provinces}
    thin = [province.province for province in provinces if _is_thin(province.whole)]
    return complement_of_all([(answers, 0), (used, 0), (received, 0)], thin)


def hidden_domains(whole: int, domains: Mapping[str, int], provinces: Sequence[ProvinceEstimates]) -> frozenset[str]:
    """The domains of the country that may not be shown, by their code.

    Args:
        whole: answers of the country.
        domains: answers of each domain of the country.
        provinces: with their own domains.
    """
    held_back = {province.province: _hidden_at_home(province) for province in provinces}
    told_by_others = [domain for domain in domains if _gives_away(domain, provinces, held_back)]
    untold = whole - sum(domains.values())
    return complement(domains, told_by_others, untold=untold)


def is_thin(estimate: DomainEstimate) -> bool:
    """Whether a figure has too few answers to be published by itself."""
    return _is_thin(estimate)


def _is_thin(estimate: DomainEstimate) -> bool:
    return showing(estimate, Audience.PUBLIC) is not Showing.FULL


def _hidden_at_home(province: ProvinceEstimates) -> frozenset[str]:
    """The domains that a province's own table hides."""
    counts = {domain: estimate.responses for domain, estimate in province.domains.items()}
    thin = [domain for domain, estimate in province.domains.items() if estimate.responses and _is_thin(estimate)]
    return complement(counts, thin, untold=province.whole.responses - sum(counts.values()))


def _gives_away(domain: str, provinces: Iterable[ProvinceEstimates], held_back: Mapping[str, frozenset[str]]) -> bool:
    remainder = [
        province.domains[domain].responses
        for province in provinces
        if domain in province.domains and domain in held_back[province.province]
    ]
    remainder = [answers for answers in remainder if answers]
    return bool(remainder) and (len(remainder) == 1 or sum(remainder) < FEWEST_PUBLIC)
