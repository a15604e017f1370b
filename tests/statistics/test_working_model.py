"""Degrees of freedom, bias and model variance against the formulas worked out answer by answer; and their edges."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import Cells, DomainEstimate, Margin, Ratio, Threshold, estimate, judge
from tests.statistics.by_hand import Answer, Row, answers_of, cells_from, samples

ALIKE = 0.10


@dataclass(frozen=True)
class Model:
    seen: float
    expected: float
    total: float
    df: float | None


def model_by_hand(answers: list[Answer], weight: list[float], base: list[float], domain: str) -> Model:
    """By docs/statistics.md, an entry of the list an answer; `answers[i].row.post` is the weighting group."""
    inside = [i for i, answer in enumerate(answers) if answer.row.domain == domain]
    whole = sum(weight[i] for i in inside)
    share = {i: weight[i] / whole for i in inside}
    by_unit: dict[tuple[str, str, int], list[int]] = {}
    for i in inside:
        by_unit.setdefault(answers[i].psu, []).append(i)
    u = {c: sum(share[i] for i in members) for c, members in by_unit.items()}
    v = {c: sum(share[i] ** 2 for i in members) for c, members in by_unit.items()}
    g = {c: ALIKE * u[c] ** 2 + (1 - ALIKE) * v[c] for c in by_unit}
    strata = {c[0]: [d for d in by_unit if d[0] == c[0]] for c in by_unit}
    several = {a: units for a, units in strata.items() if len(units) >= 2}
    seen = sum(g[c] for units in several.values() for c in units)
    alone = sum(sum(u[c] for c in units) ** 2 for a, units in strata.items() if a not in several)
    spread = 0.0
    for units in several.values():
        m, first, second = len(units), sum(g[c] for c in units), sum(g[c] ** 2 for c in units)
        spread += (m / (m - 1)) ** 2 * ((1 - 2 / m) * second + first**2 / m**2)
    expected = 0.0
    for a, units in several.items():
        m = len({answer.psu for answer in answers if answer.row.stratum == a})
        expected += m / (m - 1) * sum(_seen_of(c, answers, share, base, by_unit, u, g) for c in units)
    return Model(seen, expected, seen + alone, seen**2 / spread if spread else None)


def _seen_of(c, answers, share, base, by_unit, u, g) -> float:
    """g_c - 2 sum_h q theta + sum_h H q^2 of one unit."""

    def part(unit: tuple[str, str, int], group: str) -> tuple[float, float, float]:
        members = [i for i in by_unit[unit] if answers[i].row.post == group]
        return (
            sum(share[i] for i in members),
            sum(share[i] ** 2 for i in members),
            sum(base[i] for i in members),
        )

    result = g[c]
    for group in {answers[i].row.post for i in by_unit[c]}:
        everything = sum(b for b, answer in zip(base, answers, strict=True) if answer.row.post == group)
        a_ch, v_ch, held = part(c, group)
        q = held / everything
        variance = sum(ALIKE * part(d, group)[0] ** 2 + (1 - ALIKE) * part(d, group)[1] for d in by_unit)
        result += variance * q**2 - 2 * q * (ALIKE * a_ch * u[c] + (1 - ALIKE) * v_ch)
    return result


def assert_same_model(domain: DomainEstimate, want: Model) -> None:
    assert domain.model_seen == pytest.approx(want.seen, rel=1e-9, abs=1e-15)
    assert domain.model_expected == pytest.approx(want.expected, rel=1e-9, abs=1e-12)
    assert domain.model_total == pytest.approx(want.total, rel=1e-9)
    assert domain.df_effective == (None if want.df is None else pytest.approx(want.df, rel=1e-9))
    if want.df is None or want.expected <= 1e-10 * want.seen:
        return
    assert domain.kappa == pytest.approx(max(1.0, want.seen / want.expected), rel=1e-6)


@given(samples(), st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=14, max_size=14), st.booleans())
def test_the_model_agrees_with_the_formulas_answer_by_answer(
    sample: tuple[list[Row], dict[str, int]], weights: list[float], pooled: bool
) -> None:
    rows, caseload = sample
    base_of = {id(row): weights[i] for i, row in enumerate(rows)}
    cells = replace(cells_from(rows, caseload), base_weight=np.array(weights[: len(rows)]))
    posts = list(cells.post_stratum_labels)
    group_of = {post: ("pool" if pooled and post.endswith(("x", "y")) else post) for post in posts}
    codes = [
        posts.index(next(candidate for candidate in posts if group_of[candidate] == group_of[post])) for post in posts
    ]
    result = estimate(cells.pooled(codes))
    answers = answers_of(rows)
    base = [base_of[id(answer.row)] for answer in answers]
    answers = [replace(answer, row=replace(answer.row, post=group_of[answer.row.post])) for answer in answers]
    sizes = {group: sum(caseload[post] for post in posts if group_of[post] == group) for group in group_of.values()}
    counted = {g: sum(b for b, answer in zip(base, answers, strict=True) if answer.row.post == g) for g in sizes}
    weight = [b * sizes[answer.row.post] / counted[answer.row.post] for b, answer in zip(base, answers, strict=True)]
    known = any(answer.row.psu for answer in answers)
    for domain in result.domains:
        if not known or not any(answer.row.domain == domain.domain for answer in answers):
            assert (domain.df_effective, domain.kappa) == (None, None)
            continue
        assert_same_model(domain, model_by_hand(answers, weight, base, domain.domain))


def days(sizes: list[int], share: float = 0.8, *, stratum: str = "a") -> DomainEstimate:
    cells = Cells.from_columns(
        stratum=[stratum] * len(sizes),
        post_stratum=[stratum] * len(sizes),
        psu=[str(i) for i in range(len(sizes))],
        caseload=[90_000] * len(sizes),
        responses=sizes,
        satisfied=[round(n * share) + (i % 2 if round(n * share) < n else 0) for i, n in enumerate(sizes)],
    )
    return estimate(cells).domains[0]


@pytest.mark.parametrize("m", [2, 5, 20])
def test_equal_days_have_one_degree_of_freedom_fewer_than_days(m: int) -> None:
    domain = days([10] * m)
    assert (domain.df_effective, domain.kappa) == (pytest.approx(m - 1), pytest.approx(1.0))


def test_one_big_day_among_many_is_hardly_more_than_one_degree_of_freedom() -> None:
    domain = days([300] + [7] * 19)
    assert domain.df_effective < 1.1
    assert domain.kappa > 2
    assert judge(domain, Threshold.parse(">60")).evidence == "insufficient"


def codes(sizes: list[int]) -> set[str]:
    cells = Cells.from_columns(
        stratum=["a"] * len(sizes),
        post_stratum=["a"] * len(sizes),
        psu=[str(i) for i in range(len(sizes))],
        caseload=[90_000] * len(sizes),
        responses=sizes,
        satisfied=[n - 2 - i % 2 for i, n in enumerate(sizes)],
    )
    return {str(warning.code) for warning in estimate(cells).warnings}


def test_few_days_are_flagged_and_fewer_take_no_verdict() -> None:
    assert "few_counter_days" in codes([40] * 4)
    assert "few_degrees" in codes([40] * 6)
    assert not codes([40] * 9) & {"few_counter_days", "few_degrees"}
    assert "few_counter_days" in codes([200])


def test_sizes_at_the_border_forgive_rounding() -> None:
    """Five equal days have exactly four degrees of freedom, whatever their weights add up to in floating point."""
    for size in range(7, 120, 7):
        domain = replace(days([size] * 5, 0.9), n_eff=30.0, n=max(30, size * 5))
        assert judge(domain, Threshold.parse(">60")).evidence != "insufficient"


def test_services_seen_on_one_day_each_show_nothing_of_how_days_differ() -> None:
    """V is 0 by construction: kappa is undefined and the model's own variance stands in."""
    names = [f"s{i}" for i in range(12)]
    cells = Cells.from_columns(
        stratum=["a"] * 12,
        post_stratum=names,
        psu=names,
        caseload=[400] * 12,
        responses=[10] * 12,
        satisfied=[8] * 12,
    )
    domain = estimate(cells).domains[0]
    assert (domain.variance, domain.kappa) == (0.0, None)
    assert domain.n_eff == pytest.approx(1 / domain.model_total)
    assert judge(domain, Threshold.parse(">60")).evidence == "insufficient"


def test_a_variance_without_degrees_of_freedom_has_no_interval() -> None:
    """A domain seen on one day of each of two agencies, its post-strata shared with another domain."""
    rows = [Row("a", "ax", "1", "D", 30, 20), Row("a", "ax", "2", "E", 30, 29), Row("a", "ax", "3", "E", 30, 25)]
    domain = estimate(cells_from(rows, {"ax": 9_000}))["D"]
    assert domain.df_effective is None
    assert domain.n_eff == (None if domain.variance else pytest.approx(1 / domain.model_total))


def test_a_single_answer_is_worth_no_interval() -> None:
    for psu in ("", "1"):
        domain = estimate(cells_from([Row("a", "ax", psu, "D", 1, 1)], {"ax": 50})).domains[0]
        assert (domain.estimate, domain.n_eff, domain.interval_90) == (1.0, None, None)


def test_raked_weights_are_taken_as_unbiased_and_unmet_margins_give_no_verdict() -> None:
    rows = [Row("a", "ax", str(day), "D", 20, 16 + day % 3) for day in range(12)]
    cells = cells_from(rows, {"ax": 9_000})
    kinds = (np.arange(12) % 2, ("I", "O"))
    areas = (np.arange(12) % 2, ("r", "u"))
    raked = replace(cells, margins={"kind": kinds, "area": areas})
    totals = Margin("kind", {"I": 60.0, "O": 40.0})
    met = estimate(raked, margins=[totals, Margin("area", {"r": 60.0, "u": 40.0})]).domains[0]
    assert (met.kappa, judge(met, Threshold.parse(">60")).evidence) == (1.0, "met")
    unmet = estimate(raked, margins=[totals, Margin("area", {"r": 50.0, "u": 50.0})])
    assert "raking_not_converged" in {warning.code for warning in unmet.warnings}
    assert judge(unmet.domains[0], Threshold.parse(">60")) is None


def test_other_methods_are_guarded_by_the_same_model() -> None:
    rows = [Row("a", "ax", str(day), "D", 12 + day, 9 + day % 3) for day in range(10)]
    cells = cells_from(rows, {"ax": 9_000})
    n = cells.responses
    means = replace(cells, ratio=Ratio.mean_rescaled(n, 4 * n + 1, 17 * n))
    top2, mean = (estimate(domain).domains[0] for domain in (cells, means))
    assert (mean.df_effective, mean.kappa, mean.model_total) == (top2.df_effective, top2.kappa, top2.model_total)
    spread = n.sum() / (n.sum() - 1) * mean.estimate * (1 - mean.estimate)
    assert mean.n_eff <= min(n.sum(), spread / mean.variance if mean.variance else inf)
