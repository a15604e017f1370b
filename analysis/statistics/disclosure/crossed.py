"""What two tables of the same answers, by agency and by service, must hide together. Pure functions on counts.

Agencies and services hang together where answers join them. In each such cluster the agencies add up to the services,
and nothing else follows from one table about the other: so what is hidden of a cluster's agencies is told as soon as
all its services are, and the other way round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from analysis.statistics.disclosure.complementary import complement

Counts = Mapping[str, int]


class Hidden(NamedTuple):
    """The hidden rows of both tables."""

    agencies: frozenset[str]
    services: frozenset[str]


class _Cluster(NamedTuple):
    agencies: dict[str, int]
    services: dict[str, int]


def crossed(counts: Mapping[tuple[str, str], int], hidden: Hidden, *, fewest: int) -> Hidden:
    """With what subtraction between both tables would tell.

    Of each cluster what is hidden of either side is nothing, or two rows and more that hold `fewest` answers; where it
    has no such rows left, something of the other side is hidden as well, and all such clusters together hold as much.

    Args:
        counts: answers of each (agency, service), none of them 0.
        hidden: what each table hides by itself.
        fewest: what may be worked out by subtraction (staff 10).
    """
    if not any(hidden):
        return hidden
    clusters = _clusters(counts)
    while True:
        wider = hidden
        for cluster in clusters:
            wider = _within(cluster, wider, fewest)
        wider = _together(clusters, wider, fewest)
        if wider == hidden:
            return hidden
        hidden = wider


def _within(cluster: _Cluster, hidden: Hidden, fewest: int) -> Hidden:
    agencies = hidden.agencies | _complement(cluster.agencies, hidden.agencies, fewest)
    services = hidden.services | _complement(cluster.services, hidden.services, fewest)
    if _tells(cluster.agencies, agencies, fewest) and not services & cluster.services.keys():
        services |= {_smallest(cluster.services)}
    if _tells(cluster.services, services, fewest) and not agencies & cluster.agencies.keys():
        agencies |= {_smallest(cluster.agencies)}
    return Hidden(agencies, services)


def _together(clusters: Collection[_Cluster], hidden: Hidden, fewest: int) -> Hidden:
    """Clusters that hold too little by themselves are one line: the total minus all others."""
    sides = []
    for rows, gone in zip(zip(*clusters, strict=True), hidden, strict=True) if clusters else ():
        telling = [own for own in rows if _tells(own, gone, fewest)]
        told = {row for own in telling for row in own.keys() & gone}
        held = sum(own[row] for own in telling for row in own.keys() & gone)
        if telling and (len(told) < 2 or held < fewest):
            others = {row: n for own in rows for row, n in own.items() if row not in gone}
            gone |= {_smallest(others)} if others else frozenset()
        sides.append(gone)
    return Hidden(*sides) if sides else hidden


def _complement(counts: Counts, hidden: frozenset[str], fewest: int) -> frozenset[str]:
    return complement(counts, hidden & counts.keys(), fewest=fewest)


def _tells(counts: Counts, hidden: frozenset[str], fewest: int) -> bool:
    """Whether the hidden rows of a cluster would be known from their sum."""
    own = [counts[row] for row in hidden & counts.keys()]
    return bool(own) and (len(own) < 2 or sum(own) < fewest)


def _smallest(counts: Counts) -> str:
    return min(counts, key=lambda row: (counts[row], row))


def _clusters(counts: Mapping[tuple[str, str], int]) -> list[_Cluster]:
    place_of: dict[tuple[str, str], int] = {}
    members: dict[int, set[tuple[str, str]]] = {}
    for agency, service in counts:
        ends = (("agency", agency), ("service", service))
        known = [place_of[end] for end in ends if end in place_of]
        joined = set(known)
        if len(known) > len(joined):  # both stand together already
            continue
        place = min(joined, default=len(place_of))
        members[place] = set(ends).union(*(members.pop(other) for other in joined))
        place_of |= dict.fromkeys(members[place], place)
    sums: dict[int, tuple[dict[str, int], dict[str, int]]] = defaultdict(lambda: (defaultdict(int), defaultdict(int)))
    for (agency, service), n in counts.items():
        agencies, services = sums[place_of["agency", agency]]
        agencies[agency] += n
        services[service] += n
    return [_Cluster(dict(agencies), dict(services)) for agencies, services in sums.values()]
