"""Ranks say of two units what a change between them says, and of many no more than Holm's levels allow."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import (
    Cells,
    DomainEstimate,
    Estimation,
    Movement,
    RankInterval,
    change,
    estimate,
    rank,
    sufficient,
)
from analysis.statistics.variance.effective import TAIL, clustered_sample_size, lower_bound, upper_bound
from benchmarks.rank_errors import FAMILIES, by_student, errors, pairs_told_apart, power, told

SAMPLES, LEVEL = 80, 0.05
# Exceeded by a rate of exactly LEVEL in one of a thousand (normal bound).
MOST = LEVEL + 3.1 * (LEVEL * (1 - LEVEL) / SAMPLES) ** 0.5

Days = list[tuple[int, int]]
day = st.integers(3, 30).flatmap(lambda answers: st.tuples(st.just(answers), st.integers(0, answers)))
good_day = st.integers(3, 30).flatmap(lambda answers: st.tuples(st.just(answers), st.integers(answers - 1, answers)))
unit = st.lists(day, min_size=6, max_size=12) | st.lists(good_day, min_size=6, max_size=12)


def of_days(*units: Days, shared: bool = False) -> Estimation:
    """Units of (answers, satisfied) a day; `shared`: services of one agency, so their days are the same days."""
    rows = [(f"u{place}", number, *counts) for place, days in enumerate(units) for number, counts in enumerate(days)]
    return estimate(
        Cells.from_columns(
            stratum=["agency" if shared else name for name, *_ in rows],
            post_stratum=[name for name, *_ in rows],
            domain=[name for name, *_ in rows],
            psu=[str(number) for _, number, *_ in rows],
            caseload=[50_000] * len(rows),
            responses=[answers for *_, answers, _ in rows],
            satisfied=[satisfied for *_, satisfied in rows],
        )
    )


def ranked(units: Estimation) -> list[RankInterval]:
    """The rank intervals of all that are sufficient."""
    return [interval for interval in rank(units.domains, units.covariance) if interval]


@pytest.mark.parametrize("family", FAMILIES)
def test_units_of_one_truth_are_seldom_ranked(family: str) -> None:
    ours, _ = errors(FAMILIES[family], 0.95, 0.10, SAMPLES, seed=1)
    assert ours <= MOST


def test_the_usual_test_ranks_small_units_before_a_large_one_of_the_same_truth() -> None:
    _, theirs = errors(FAMILIES["a giant and 9 of 50 days of 2"], 0.95, 0.02, SAMPLES, seed=1)
    assert theirs > 0.2


def test_units_that_differ_are_told_apart_as_often_as_by_the_usual_test() -> None:
    ours, theirs = power(FAMILIES["5 giants and 5 of 20 days of 5"], 0.95, 0.02, 15, seed=1)
    assert ours > 0.8 * theirs > 0.3


@given(unit, unit, st.booleans())
def test_two_units_are_ranked_exactly_where_their_difference_leaves_nothing_out(
    first: Days, second: Days, shared: bool
) -> None:
    """Two ordered pairs at 2.5 % are one interval of 95 %: what the page of a comparison says, its ranks say too."""
    both = of_days(first, second, shared=shared)
    left, right = both.domains
    moved = change(left, right, covariance=float(both.covariance[0][1]))
    ranks = ranked(both)
    if not (sufficient(left) and sufficient(right)):
        assert len(ranks) < 2
        return
    said = {Movement.RISING: (1, 1), Movement.FALLING: (2, 2), Movement.CANNOT_TELL: (1, 2)}
    assert moved is not None
    assert (ranks[0].best, ranks[0].worst) == said[moved.movement]


@given(st.lists(unit, min_size=3, max_size=5))
def test_one_unit_more_never_makes_the_others_surer(units: list[Days]) -> None:
    few, more = of_days(*units[:-1]), of_days(*units)
    if not all(map(sufficient, more.domains)):
        return
    ranks = ranked(more)
    apart = sum(ranks[i].worst < ranks[j].best for i, j in permutations(range(len(units) - 1), 2))
    assert apart <= pairs_told_apart(ranked(few))


def test_ranks_do_not_depend_on_the_order_of_units() -> None:
    units = [[(20, 20 - (day + place) % (2 + place)) for day in range(8)] for place in range(5)]
    forwards, backwards = of_days(*units), of_days(*reversed(units))
    assert ranked(forwards) == ranked(backwards)[::-1]


def test_few_days_weigh_the_heavier_the_further_out_a_bound_is_asked_for() -> None:
    """Six days are worth fewer answers at 1 in 1,000 than at 1 in 40, two hundred days nearly as many."""
    for days, least, most in ((6, 0.05, 0.6), (200, 0.95, 1.0)):
        n, columns = 20.0 * days, {"p": 0.8, "variance": 0.16 / (20 * days), "design_based": 20.0 * days}
        at = {
            tail: float(
                clustered_sample_size(
                    n=np.array([n]),
                    **{name: np.array([value]) for name, value in columns.items()},
                    df=np.array([days - 1.0]),
                    bias=np.ones(1),
                    alike=np.array([2 / n]),
                    tail=tail,
                )[0]
            )
            for tail in (TAIL, 0.001)
        }
        assert least < at[0.001] / at[TAIL] < most


def test_three_units_are_ranked_by_holm_s_steps() -> None:
    """Six ordered pairs: the first at 5 %/6, then, once two are rejected, the others at 5 %/4."""
    units: list[DomainEstimate] = list(
        of_days([(20, 10)] * 10, [(20, 20 - 5 - d % 2) for d in range(10)], [(20, 18)] * 10).domains
    )
    p, n_eff = ([getattr(unit, name) for unit in units] for name in ("estimate", "n_eff"))
    ranks = told(units)
    assert [(interval.best, interval.worst) for interval in ranks] == [(3, 3), (2, 2), (1, 1)]
    for low, high in ((0, 1), (1, 2)):
        up = upper_bound(p[low], n_eff[low], LEVEL / 6) - p[low]
        down = p[high] - lower_bound(p[high], n_eff[high], LEVEL / 6)
        assert p[high] - p[low] > np.hypot(up, down)


def test_unanimous_units_by_the_usual_test_have_a_variance_too() -> None:
    units = of_days([(10, 10)] * 8, [(10, 9)] * 8).domains
    assert {(interval.best, interval.worst) for interval in by_student(units)} <= {(1, 2), (1, 1), (2, 2)}


def test_a_share_published_as_all_is_ranked_though_a_few_were_not_satisfied() -> None:
    """Publications rank by shares to a tenth of a percent: 99.96 % is 100.0 % there."""
    nearly, other = of_days([(400, 400)] * 6 + [(400, 399)] * 2, [(40, 20)] * 10).domains
    assert nearly.variance
    ranks = told([replace(nearly, estimate=1.0), other])
    assert [(interval.best, interval.worst) for interval in ranks] == [(1, 1), (2, 2)]
