"""Ratios, base weights and pools, which R's fixtures do not hold: the fast sums against the formulas themselves.

Every answer stands alone here, with its sampling unit, base weight, z and a: R = sum w z / sum w a, linearised, its
residuals taken within weighting groups, summed by sampling unit, between units within strata
(docs/statistics.md, "Estimators").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import Cells, Ratio, estimate


@dataclass(frozen=True)
class Person:
    """One answer: `z` of `a` (items satisfied of items answered; a rating of 5)."""

    stratum: str
    post: str
    psu: tuple[str, str]
    domain: str
    base: float
    z: int
    a: int


@dataclass(frozen=True)
class Design:
    """Answers, the caseload of every post-stratum, and the pool that each is weighted in."""

    people: list[Person]
    caseload: dict[str, int]
    pool: dict[str, str]
    of_items: bool

    @property
    def scale(self) -> int:
        return 1 if self.of_items else 5

    @property
    def posts(self) -> list[str]:
        return sorted(self.caseload)


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Two agencies with three services each, answers with and without a day, weights that differ, some pools."""
    of_items = draw(st.booleans())
    people: list[Person] = []
    for number in range(draw(st.integers(1, 12))):
        stratum, service = draw(st.sampled_from("ab")), draw(st.sampled_from("xyz"))
        day, domain = draw(st.sampled_from(["", "1", "2", "3"])), draw(st.sampled_from("DE"))
        base = draw(st.sampled_from([1.0, 0.5, 2.0, 3.25]))
        for each in range(draw(st.integers(1, 6))):
            a = draw(st.integers(1, 6)) if of_items else 1
            z = draw(st.integers(0, a)) if of_items else draw(st.integers(1, 5))
            psu = (stratum, day or f"alone {number} {each}")
            people.append(Person(stratum, stratum + service, psu, domain, base, z, a))
    posts = sorted({person.post for person in people})
    caseload = {post: sum(person.post == post for person in people) + draw(st.integers(1, 60)) for post in posts}
    pool = {post: draw(st.sampled_from([post, post[0]])) for post in posts}
    return Design(people, caseload, pool, of_items)


def cells_of(design: Design) -> Cells:
    """One cell per post-stratum, day (or none), domain and base weight."""
    members: dict[tuple[str, str, str, float], list[Person]] = defaultdict(list)
    for person in design.people:
        day = "" if person.psu[1].startswith("alone") else person.psu[1]
        members[person.post, day, person.domain, person.base].append(person)

    def total(value: Callable[[Person], int]) -> list[int]:
        return [sum(map(value, people)) for people in members.values()]

    ratio = Ratio(
        numerator=np.array(total(lambda person: person.z)),
        denominator=np.array(total(lambda person: person.a)),
        numerator_squares=np.array(total(lambda person: person.z**2)),
        products=np.array(total(lambda person: person.z * person.a)),
        denominator_squares=np.array(total(lambda person: person.a**2)),
        scale=design.scale,
    )
    cells = Cells.from_columns(
        stratum=[post[0] for post, *_rest in members],
        post_stratum=[post for post, *_rest in members],
        caseload=[design.caseload[post] for post, *_rest in members],
        psu=[day for _post, day, *_rest in members],
        domain=[domain for _post, _day, domain, *_rest in members],
        responses=total(lambda _person: 1),
        satisfied=total(lambda person: int(person.z == person.a * design.scale)),
        base_weight=[base for _post, _day, _domain, base in members],
        ratio=ratio,
    )
    groups = sorted(set(design.pool.values()))
    return cells.pooled([groups.index(design.pool[post]) for post in design.posts])


def by_hand(design: Design, domain: str) -> tuple[float, float] | None:
    """(R, V) of a domain."""
    people = design.people
    group = np.array([design.pool[person.post] for person in people])
    base = np.array([person.base for person in people])
    known = {own: sum(design.caseload[post] for post in design.posts if design.pool[post] == own) for own in set(group)}
    weight = base * np.array([known[own] / base[group == own].sum() for own in group])
    inside = np.array([person.domain == domain for person in people])
    if not inside.any():
        return None
    z = np.array([person.z / design.scale for person in people])
    a = np.array([float(person.a) for person in people])
    above, below = (weight * z)[inside].sum(), (weight * a)[inside].sum()
    share = float(above / below)
    value = np.where(inside, weight / below * (z - share * a), 0.0)
    for own in known:
        members = group == own
        value[members] -= weight[members] * (base * value / weight)[members].sum() / base[members].sum()
    variance = 0.0
    for stratum in {person.stratum for person in people}:
        sums: dict[tuple[str, str], float] = defaultdict(float)
        for person, own_value in zip(people, value, strict=True):
            if person.stratum == stratum:
                sums[person.psu] += float(own_value)
        totals = np.array(list(sums.values()))
        if len(totals) > 1:
            variance += len(totals) / (len(totals) - 1) * float(((totals - totals.mean()) ** 2).sum())
    return share, variance


@given(designs())
def test_ratios_base_weights_and_pools_agree_with_the_formulas_answer_by_answer(design: Design) -> None:
    result = estimate(cells_of(design), fpc=False)
    for domain in result.domains:
        expected = by_hand(design, domain.domain)
        assert expected is not None
        assert domain.estimate == pytest.approx(expected[0], rel=1e-9, abs=1e-15)
        assert domain.variance == pytest.approx(expected[1], rel=1e-9, abs=1e-15)
