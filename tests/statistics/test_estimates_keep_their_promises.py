"""Invariants of estimation, over samples drawn at random."""

from dataclasses import fields, replace
from math import isclose

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from analysis.statistics import Cells, DomainEstimate, Margin, estimate
from tests.statistics.by_hand import Row, cells_from, samples, share_and_variance

NUMBERS = [
    field.name for field in fields(DomainEstimate) if field.name not in ("domain", "interval", "interval_90", "exact")
]


def assert_alike(domain: DomainEstimate, other: DomainEstimate) -> None:
    for name in NUMBERS:
        value, expected = getattr(domain, name), getattr(other, name)
        known = value is not None and expected is not None
        alike = isclose(value, expected, rel_tol=1e-9, abs_tol=1e-15) if known else value is expected
        assert alike, (name, value, expected)


@given(samples())
def test_the_fast_sums_agree_with_the_formulas_answer_by_answer(sample: tuple[list[Row], dict[str, int]]) -> None:
    rows, caseload = sample
    result = estimate(cells_from(rows, caseload), fpc=False)
    np.testing.assert_allclose(result.covariance, result.covariance.T, rtol=1e-9, atol=1e-15)
    for i, domain in enumerate(result.domains):
        by_hand = share_and_variance(rows, caseload, domain.domain)
        if by_hand is None:
            assert (domain.estimate, domain.variance, domain.n_eff, domain.interval) == (None, None, None, None)
            continue
        p, variance, df = by_hand
        assert domain.estimate == pytest.approx(p, rel=1e-9, abs=1e-15)
        assert domain.variance == pytest.approx(variance, rel=1e-9, abs=1e-16)
        assert result.covariance[i, i] == pytest.approx(variance, rel=1e-9, abs=1e-16)
        assert domain.df == df
        assert float(domain.exact_estimate) == pytest.approx(p, rel=1e-12, abs=1e-15)


@given(samples(), st.randoms())
def test_the_order_of_cells_does_not_matter(sample: tuple[list[Row], dict[str, int]], random: object) -> None:
    rows, caseload = sample
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = estimate(cells_from(rows, caseload)), estimate(cells_from(shuffled, caseload))
    assert first.method == second.method
    for domain, other in zip(first.domains, second.domains, strict=True):
        assert_alike(domain, other)


# 2 of D's answers weigh 47/5, exactly a fifth of its 47: rounding must not decide whether that is much.
EXACTLY_A_FIFTH = [Row("a", "az", "1", "D", 0, 0), Row("a", "az", "", "D", 16, 0), Row("a", "az", "", "E", 4, 0)]
EXACTLY_A_FIFTH += [Row("b", "bz", "", "D", 2, 0), Row("b", "bz", "", "E", 8, 0)]


@given(samples(), st.integers(2, 9))
@example((EXACTLY_A_FIFTH, {"az": 47, "bz": 47}), 9)
def test_the_scale_of_weights_does_not_matter(sample: tuple[list[Row], dict[str, int]], scale: int) -> None:
    rows, caseload = sample
    larger = {post: size * scale for post, size in caseload.items()}
    scaled = ("sum_of_weights", "caseload", "response_rate", "design_effect")
    first, second = (estimate(cells_from(rows, sizes), fpc=False) for sizes in (caseload, larger))
    for domain, other in zip(first.domains, second.domains, strict=True):
        assert_alike(domain, replace(other, **{name: getattr(domain, name) for name in scaled}))


@given(samples(), st.integers(0, 13), st.data())
def test_splitting_a_cell_changes_nothing(
    sample: tuple[list[Row], dict[str, int]], which: int, data: st.DataObject
) -> None:
    rows, caseload = sample
    cell = rows[which % len(rows)]
    n = data.draw(st.integers(0, cell.responses))
    low, high = max(0, cell.satisfied - (cell.responses - n)), min(n, cell.satisfied)
    s = data.draw(st.integers(low, high))
    part = replace(cell, responses=n, satisfied=s)
    rest = replace(cell, responses=cell.responses - n, satisfied=cell.satisfied - s)
    split = [row for row in rows if row is not cell] + [part, rest]
    first, second = estimate(cells_from(rows, caseload)), estimate(cells_from(split, caseload))
    for domain, other in zip(first.domains, second.domains, strict=True):
        assert_alike(domain, other)
    assert "duplicate_cells" in {warning.code for warning in second.warnings}


def conditional(rows: list[Row], caseload: dict[str, int], *, census: bool = False) -> Cells:
    """The same cells as E1: strata are the post-strata, one domain."""
    rows = [replace(row, stratum=row.post, psu="", domain="all") for row in rows]
    answered = {post: sum(row.responses for row in rows if row.post == post) for post in caseload}
    return cells_from(rows, answered if census else caseload)


@given(samples(days=False))
def test_a_census_has_no_variance(sample: tuple[list[Row], dict[str, int]]) -> None:
    result = estimate(conditional(*sample, census=True), fpc=True)
    assert result.method == "E1"
    assert result.domains[0].variance in (0.0, None)


@given(samples(days=False))
def test_an_estimate_lies_between_its_strata(sample: tuple[list[Row], dict[str, int]]) -> None:
    rows, caseload = sample
    domain = estimate(conditional(rows, caseload)).domains[0]
    shares = []
    for post in caseload:
        n, s = (sum(getattr(row, name) for row in rows if row.post == post) for name in ("responses", "satisfied"))
        shares += [s / n] if n else []
    assume(shares)
    assert min(shares) - 1e-12 <= domain.estimate <= max(shares) + 1e-12


@given(samples(days=False), st.integers(0, 13))
def test_one_more_satisfied_answer_never_lowers_the_estimate(
    sample: tuple[list[Row], dict[str, int]], which: int
) -> None:
    rows, caseload = sample
    cell = rows[which % len(rows)]
    assume(cell.satisfied < cell.responses)
    happier = [replace(row, satisfied=row.satisfied + 1) if row is cell else row for row in rows]
    before, after = (estimate(conditional(sample_rows, caseload)).domains[0] for sample_rows in (rows, happier))
    assert after.estimate >= before.estimate


@given(samples())
@example(([Row("a", "ax", "1", "D", 5, 5)], {"ax": 9}))
def test_every_number_is_finite_or_absent(sample: tuple[list[Row], dict[str, int]]) -> None:
    for domain in estimate(cells_from(*sample)).domains:
        numbers = [getattr(domain, name) for name in NUMBERS]
        numbers += [bound for box in (domain.interval, domain.interval_90) if box for bound in (box.low, box.high)]
        assert all(value is None or np.isfinite(value) for value in numbers)
        if domain.interval:
            assert (
                0
                <= domain.interval.low
                <= domain.interval_90.low
                <= domain.interval_90.high
                <= domain.interval.high
                <= 1
            )
            assert domain.n_eff <= domain.n


@given(samples(days=False, crossing=False))
def test_raking_to_one_margin_is_post_stratifying(sample: tuple[list[Row], dict[str, int]]) -> None:
    rows, caseload = sample
    rows = [row for row in rows if row.responses]
    assume(rows)
    cells = cells_from(rows, caseload)
    raked = replace(cells, margins={"post": (cells.post_stratum, cells.post_stratum_labels)})
    totals = {label: caseload[label] for label in cells.post_stratum_labels}
    first, second = estimate(cells, fpc=False), estimate(raked, fpc=False, margins=[Margin("post", totals)])
    for domain, other in zip(first.domains, second.domains, strict=True):
        assert (domain.estimate, domain.variance) == pytest.approx(
            (other.estimate, other.variance), rel=1e-9, abs=1e-16
        )
