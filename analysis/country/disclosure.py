"""What of a country may be published: it and its provinces are one table, and country minus 33 provinces is an attack.

Provinces publish tables of their own. The country, and a domain of it, is shown only where its provinces' hidden
figures, which country minus the others would give away together, are none or at least two with at least 30 answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analysis.country.question import ProvinceEstimates
from analysis.statistics.disclosure.complementary import complement_of_all, is_safe_difference
from analysis.statistics.disclosure.primary import FEWEST_PUBLIC, Audience, Showing, showing
from analysis.statistics.domains import DomainEstimate


class Counts(NamedTuple):
    """What a row tells of its answers: those a share is made of, those used in the weighted one, all that came."""

    answers: int
    used: int
    received: int


def counts_of(estimate: DomainEstimate, received: int) -> Counts:
    """The counts of a row."""
    return Counts(estimate.responses, estimate.n, received)


def is_thin(estimate: DomainEstimate) -> bool:
    """Whether a figure has too few answers to be published by itself."""
    return showing(estimate, Audience.PUBLIC) is not Showing.FULL


def hidden_provinces(provinces: Sequence[ProvinceEstimates]) -> frozenset[str]:
    """The provinces whose own figure may not stand beside that of the country, by key."""
    rows = {province.province: _whole(province) for province in provinces}
    thin = [province.province for province in provinces if province.received[""] and is_thin(province.whole)]
    return complement_of_all([(_column(rows, at), 0) for at in range(len(Counts._fields))], thin)


def gives_away(provinces: Sequence[ProvinceEstimates]) -> bool:
    """Whether the country's own figure minus those that provinces publish would tell too small a rest.

    It then has none for this subject and period, nor has any domain: their sum would tell it.
    """
    return _is_too_little([_whole(province) for province in provinces if is_thin(province.whole)])


def hidden_domains(
    whole: Counts, domains: Mapping[str, Counts], provinces: Sequence[ProvinceEstimates]
) -> frozenset[str]:
    """The domains of the country that may not be shown, by their code.

    Args:
        whole: of the country.
        domains: of each domain of the country.
        provinces: with their own domains.
    """
    held_back = {province.province: _hidden_at_home(province) for province in provinces}
    given_away = [domain for domain in domains if _gives_away(domain, provinces, held_back)]
    return _hidden(whole, domains, given_away)


def _hidden_at_home(province: ProvinceEstimates) -> frozenset[str]:
    """The domains that a province's own table hides."""
    rows = {domain: _row(province, domain) for domain in province.domains}
    thin = [domain for domain, estimate in province.domains.items() if estimate.responses and is_thin(estimate)]
    return _hidden(_whole(province), rows, thin)


def _gives_away(domain: str, provinces: Sequence[ProvinceEstimates], held_back: Mapping[str, frozenset[str]]) -> bool:
    """Whether the country's counts minus those that provinces show of a domain would tell too small a rest."""
    hidden = [
        _row(province, domain)
        for province in provinces
        if domain in province.domains and domain in held_back[province.province]
    ]
    return _is_too_little(hidden)


def moved_provinces(provinces: Sequence[ProvinceEstimates]) -> frozenset[str]:
    """The provinces, by key, whose own publication tells a total of a few answers more or fewer.

    Late answers that it kept back, say: beside it their row of the country would tell those few.
    """
    return frozenset(province.province for province in provinces if _has_moved(province))


def moved_too_little(provinces: Sequence[ProvinceEstimates]) -> bool:
    """Whether the country minus what provinces publish of themselves would tell of few answers that these lack."""
    moved = [province.moved for province in provinces if _has_moved(province)]
    return _is_too_little([(abs(used), abs(received)) for used, received in moved])


def _has_moved(province: ProvinceEstimates) -> bool:
    return not all(map(is_safe_difference, province.moved))


def areas_beside_agencies(
    whole: Counts, areas: Mapping[str, Counts], provinces: Sequence[ProvinceEstimates]
) -> frozenset[str]:
    """The areas of the country that may not be published: minus the agencies that provinces tell they leave too little.

    What a province leaves in one area alone is known from its own table: it counts for no other's.
    """
    exposed: set[str] = set()
    for measure in range(2):
        rests = {
            province.province: {area: abs(rest[measure]) for area, rest in province.rests.items() if rest[measure]}
            for province in provinces
        }
        known = [own for own in rests.values() if len(own) == 1 and min(own.values()) >= FEWEST_PUBLIC]
        unknown = [own for own in rests.values() if own not in known]
        exposed.update(area for area in areas if _is_too_little([(own.get(area, 0),) for own in unknown]))
    return _hidden(whole, areas, sorted(exposed)) if exposed else frozenset()


def _is_too_little(hidden: Sequence[Sequence[int]]) -> bool:
    remainders = [[count for count in column if count] for column in zip(*hidden, strict=True)]
    return any(rest and (len(rest) == 1 or sum(rest) < FEWEST_PUBLIC) for rest in remainders)


def _hidden(whole: Counts, rows: Mapping[str, Counts], thin: Sequence[str]) -> frozenset[str]:
    columns = [_column(rows, at) for at in range(len(Counts._fields))]
    untold = [total - sum(column.values()) for total, column in zip(whole, columns, strict=True)]
    return complement_of_all(zip(columns, untold, strict=True), thin)


def _column(rows: Mapping[str, Counts], at: int) -> dict[str, int]:
    return {name: row[at] for name, row in rows.items()}


def _row(province: ProvinceEstimates, domain: str) -> Counts:
    return counts_of(province.domains[domain], province.received[domain])


def _whole(province: ProvinceEstimates) -> Counts:
    return counts_of(province.whole, province.received[""])
