"""Two answers to "is the target met?", on the edges where they are easy to get wrong."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.statistics import Cells, DomainEstimate, Threshold, Verdict, estimate, judge
from analysis.statistics.cells.ratio import Ratio
from analysis.statistics.variance.effective import lower_bound, p_above, p_below, upper_bound
from analysis.statistics.variance.exact import Exact
from analysis.statistics.verdicts.responses_needed import further_responses
from tests.statistics.by_hand import thirds_and_sevenths


def one_stratum(satisfied: int, responses: int, caseload: int = 100_000) -> DomainEstimate:
    columns = {"stratum": ["a"], "post_stratum": ["a"], "caseload": [caseload]}
    return estimate(Cells.from_columns(**columns, responses=[responses], satisfied=[satisfied]), fpc=False).domains[0]


def judged(satisfied: int, responses: int, target: str, caseload: int = 100_000) -> Verdict:
    verdict = judge(one_stratum(satisfied, responses, caseload), Threshold.parse(target))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("satisfied", "target", "met"),
    [
        (80, ">80", False),
        (81, ">80", True),
        (70, ">=70", True),
        (69, ">=70", False),
        (100, "=100", True),
        (99, "=100", False),
    ],
)
def test_the_words_of_the_decree_decide_the_point_verdict(satisfied: int, target: str, met: bool) -> None:
    assert (judged(satisfied, 100, target).point == "met") == met


def test_exactly_eighty_per_cent_of_unequal_strata_fails_more_than_eighty() -> None:
    """Thirds and sevenths add to the threshold only in rational arithmetic."""
    share = Fraction(3_000 * 2, 3) + Fraction(700 * 6, 7) + 1_300
    domain = estimate(thirds_and_sevenths()).domains[0]
    assert domain.exact_estimate == share / 5_000
    threshold = Threshold(">", share / 5_000)
    assert judge(domain, threshold).point == "not_met"
    assert judge(domain, replace(threshold, comparator=">=")).point == "met"


def test_pooled_groups_fractional_caseloads_and_means_of_ratings_are_exact_too() -> None:
    """Thin b joins a; c holds a third of a month's 100 dossiers. Ratings 1-5 are added up and divided by five."""
    columns = {
        "stratum": ["a", "b", "c"],
        "post_stratum": ["a", "b", "c"],
        "caseload": [Fraction(300), Fraction(700), Fraction(100, 3)],
        "responses": [30, 3, 26],
        "satisfied": [20, 2, 25],
    }
    pooled = Cells.from_columns(**columns).pooled([0, 0, 2])
    c = Fraction(100, 3)
    expected = (1_000 * Fraction(22, 33) + c * Fraction(25, 26)) / (1_000 + c)
    assert estimate(pooled).domains[0].exact_estimate == expected

    sums, n = np.array([120, 11, 118]), np.array([30, 3, 26])
    rated = Cells.from_columns(**columns, ratio=Ratio(sums, n, sums * 5, sums, n, scale=5)).pooled([0, 0, 2])
    expected = (1_000 * Fraction(131, 33) + c * Fraction(118, 26)) / (1_000 + c) / 5
    assert estimate(rated).domains[0].exact_estimate == expected


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 10_000), st.integers(1, 10_000), st.data())
def test_an_estimate_equal_to_the_threshold_is_never_above_it(
    n: int, m: int, first: int, second: int, data: st.DataObject
) -> None:
    s, t = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    cells = Cells.from_columns(
        stratum=["a", "b"],
        post_stratum=["a", "b"],
        caseload=[first, second],
        responses=[n, m],
        satisfied=[s, t],
    )
    domain = estimate(cells).domains[0]
    share = (Fraction(first * s, n) + Fraction(second * t, m)) / (first + second)
    assert not Threshold(">", share).holds(domain)
    assert Threshold(">=", share).holds(domain)
    assert Threshold("=", share).holds(domain)


def test_raked_figures_compare_within_a_tolerance() -> None:
    domain = replace(one_stratum(80, 100), estimate=0.8 + 1e-13, exact=Exact(None))
    assert not Threshold.parse(">80").holds(domain)
    assert Threshold.parse(">80").holds(replace(domain, estimate=0.8 + 1e-11))


def test_twenty_nine_answers_are_insufficient_and_thirty_are_not() -> None:
    assert judged(29, 29, ">60").evidence == "insufficient"
    assert judged(30, 30, ">60").evidence == "met"


def test_one_counter_day_of_alike_answers_is_one_answer() -> None:
    days = [("a", "1", 200, 200)] + [("b", str(day), 10, 8) for day in range(20)]
    cells = Cells.from_columns(
        stratum=[day[0] for day in days],
        post_stratum=[day[0] for day in days],
        psu=[day[1] for day in days],
        caseload=[9_400 if day[0] == "a" else 600 for day in days],
        responses=[day[2] for day in days],
        satisfied=[day[3] for day in days],
    )
    result = estimate(cells)
    third = 1 / (0.94**2 + 0.06**2 / 200)
    assert result.domains[0].design_based_size == pytest.approx(third)
    assert result.domains[0].n_eff == pytest.approx(third, rel=1e-3)
    assert result.domains[0].n_eff < third
    assert judge(result.domains[0], Threshold.parse(">60")).evidence == "insufficient"
    assert "lonely_psu" in {warning.code for warning in result.warnings}


def test_without_degrees_of_freedom_there_is_no_evidence() -> None:
    domain = replace(one_stratum(300, 400), df=0)
    assert judge(domain, Threshold.parse(">60")).evidence == "insufficient"


def test_unanimity_of_eleven_answers_is_not_certainty() -> None:
    domain = one_stratum(11, 11)
    assert domain.interval_90.low == pytest.approx(0.05 ** (1 / 11))
    assert (domain.interval_90.high, judge(domain, Threshold.parse(">60")).p_below) == (1.0, 1.0)


def test_nobody_satisfied_is_the_mirror_image() -> None:
    verdict = judged(0, 40, ">60")
    assert (verdict.lower, verdict.p_above, verdict.evidence) == (0.0, 1.0, "not_met")


@pytest.mark.parametrize("satisfied", [65, 68, 72, 74])
def test_the_responses_still_needed_settle_it_and_one_fewer_does_not(satisfied: int) -> None:
    domain = one_stratum(satisfied, 100)
    verdict = judge(domain, Threshold.parse(">70"))
    assert verdict.evidence == "inconclusive"

    def settled(total: int) -> bool:
        size = domain.n_eff * total / domain.n
        return lower_bound(domain.estimate, size, 0.05) > 0.7 or upper_bound(domain.estimate, size, 0.05) < 0.7

    assert settled(100 + verdict.responses_needed)
    assert not settled(100 + verdict.responses_needed - 1)


def test_no_number_of_responses_settles_an_estimate_on_the_threshold_or_beyond_the_caseload() -> None:
    assert judged(70, 100, ">70").responses_needed is None
    needed = judged(72, 100, ">70").responses_needed
    assert judged(72, 100, ">70", caseload=100 + needed).responses_needed == needed
    assert judged(72, 100, ">70", caseload=100 + needed - 1).responses_needed is None


def test_a_drawn_sample_of_that_size_settles_it_and_one_smaller_does_not() -> None:
    """78 % on 40 unequal days: what days leave unsure, so many dossiers drawn at random would settle."""
    sizes = [10 + 5 * (i % 4) for i in range(40)]
    cells = Cells.from_columns(
        stratum=["a"] * 40,
        post_stratum=["a"] * 40,
        psu=[str(i) for i in range(40)],
        caseload=[50_000] * 40,
        responses=sizes,
        satisfied=[n - 2 - 2 * (i % 3) for i, n in enumerate(sizes)],
    )
    domain = estimate(cells).domains[0]
    verdict = judge(domain, Threshold.parse(">75"))
    assert verdict.evidence == "inconclusive"
    size = verdict.drawn_sample
    assert lower_bound(domain.estimate, float(size), 0.05) > 0.75 >= lower_bound(domain.estimate, size - 1.0, 0.05)
    scarce = judge(replace(domain, caseload=float(size - 1)), Threshold.parse(">75"))
    assert (scarce.drawn_sample, scarce.responses_needed) == (None, None)


def test_settled_and_insufficient_verdicts_need_no_number() -> None:
    assert judged(95, 100, ">70").responses_needed is None
    assert judged(15, 20, ">70").responses_needed is None


def test_provisional_weights_take_no_evidence_verdict() -> None:
    verdict = judge(one_stratum(95, 100), Threshold.parse(">70"), provisional=True)
    assert (verdict.point, verdict.evidence) == ("met", None)


def test_a_hundred_per_cent_target_is_never_proved_by_a_sample() -> None:
    assert judged(400, 400, "=100").evidence == "inconclusive"
    assert judged(300, 400, "=100").evidence == "not_met"


@pytest.mark.parametrize("text", ["60", ">", ">101", "<60", ">60%%", "> sáu mươi", ">-5", ""])
def test_a_target_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hãy viết như >60"):
        Threshold.parse(text)


@pytest.mark.parametrize(
    ("text", "shown"), [(">60", ">60"), (" >= 70 %", ">=70"), ("≥79,5", ">=79.5"), ("=100", "=100")]
)
def test_a_target_is_shown_as_the_contract_writes_it(text: str, shown: str) -> None:
    assert str(Threshold.parse(text)) == shown


@given(
    st.integers(31, 5_000),
    st.floats(0.02, 1.4),
    st.booleans(),
    st.floats(0.2, 1.0),
    st.sampled_from([0.6, 0.7, 0.8, 0.9]),
    st.integers(1, 10**7),
)
def test_the_number_needed_is_the_smallest(
    n: int, deviate: float, above: bool, efficiency: float, threshold: float, most: int
) -> None:
    distance = deviate * (threshold * (1 - threshold) / (n * efficiency)) ** 0.5
    p = threshold + distance if above else threshold - distance

    def settled(total: int) -> bool:
        size = np.array([n * efficiency * total / n])
        return bool(p_above(p, size, threshold)[0] < 0.05 or p_below(p, size, threshold)[0] < 0.05)

    assume(0 < p < 1 and not settled(n))
    domain = int(
        further_responses(np.array([p]), np.array([n * efficiency]), np.array([n]), np.array([most]), threshold)[0]
    )
    if domain:
        assert n + domain <= most
        assert settled(n + domain)
        assert domain == 1 or not settled(n + domain - 1)
    else:
        assert most <= n or not settled(most)
