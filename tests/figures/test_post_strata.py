"""Which answers carry weight, and which only count unweighted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.rating_queries import RatingGroup
from analysis.figures.weighting.population import Population
from analysis.figures.weighting.post_strata import UNASSIGNED, WHOLE_SECTOR, Assignment, PostStratum, assign
from analysis.statistics import Cells, Threshold, collapse, estimate


def cell(
    service: int | None, responses: int, *, kind: str = "individual", agency: int = 1, quarter: str = ""
) -> RatingGroup:
    return RatingGroup(agency, service, kind, responses, quarter)


def served(*services: int, **more: Any) -> dict[tuple[int, int], Population]:
    return {(1, service): Population({"": {"": 100}}, {"2026-10": {"": 100}}, **more) for service in services}


def test_a_few_answers_without_a_service_stay_in_the_unweighted_figures() -> None:
    result = assign([cell(7, 95), cell(None, 5)], served(7))

    assert result.post_strata == [PostStratum(1, 7), PostStratum(1, UNASSIGNED)]
    assert result.caseloads == {PostStratum(1, 7): 100.0, PostStratum(1, UNASSIGNED): 0.0}
    assert result.unassigned == {1: 5}


def test_more_than_a_tenth_without_a_service_makes_the_whole_sector_one_post_stratum() -> None:
    result = assign([cell(7, 80), cell(None, 20)], served(7, 8))

    assert set(result.post_strata) == {PostStratum(1, WHOLE_SECTOR)}
    assert result.caseloads == {PostStratum(1, WHOLE_SECTOR): 200.0}
    assert result.whole_sector == {1: 0.2}


def test_exactly_a_tenth_does_not() -> None:
    assert assign([cell(7, 90), cell(None, 10)], served(7)).whole_sector == {}


def test_an_agency_without_any_caseload_is_named() -> None:
    result = assign([cell(7, 40)], {})

    assert result.without_caseload == {1}
    assert result.caseloads == {PostStratum(1, UNASSIGNED): 0.0}


def test_silent_services_keep_their_place_in_the_population() -> None:
    assert assign([cell(7, 40)], served(7, 8)).caseloads == {PostStratum(1, 7): 100.0, PostStratum(1, 8): 100.0}


def by_kind() -> dict[tuple[int, int], Population]:
    return {(1, 7): Population({"": {"individual": 60, "organisation": 40}}, {"2026-10": {"": 100}})}


def kinds(unknown: int, **more: Any) -> Assignment:
    cells = [cell(7, 60), cell(7, 40 - unknown, kind="organisation"), cell(7, unknown, kind="unknown")]
    return assign(cells, by_kind(), **more)


def test_post_strata_use_the_kind_while_at_most_one_in_twenty_lacks_it() -> None:
    assert kinds(5).post_strata == [
        PostStratum(1, 7, "individual"),
        PostStratum(1, 7, "organisation"),
        PostStratum(1, 7, "unknown"),
    ]
    assert set(kinds(6).post_strata) == {PostStratum(1, 7)}


def test_those_who_do_not_say_their_kind_are_a_post_stratum_of_their_own_share_of_the_caseload() -> None:
    caseloads = kinds(5).caseloads

    assert caseloads[PostStratum(1, 7, "unknown")] == Fraction(100 * 5, 100)
    assert caseloads[PostStratum(1, 7, "individual")] == Fraction(60 * 95, 100)
    assert sum(caseloads.values()) == 100


def test_a_kind_that_the_caseload_does_not_have_counts_as_unknown() -> None:
    only = {(1, 7): Population({"": {"individual": 60}}, {"2026-10": {"": 60}})}
    result = assign([cell(7, 99), cell(7, 1, kind="organisation")], only)

    assert result.post_strata == [PostStratum(1, 7, "individual"), PostStratum(1, 7, "unknown")]
    assert result.caseloads[PostStratum(1, 7, "unknown")] == Fraction(60, 100)


def test_answers_of_a_quarter_without_a_caseload_join_the_nearest_of_its_half_else_of_its_year() -> None:
    def joined(quarter: str, *reported: str) -> str:
        caseload = {
            (1, 7): Population(
                {f"2026-{reported_quarter}": {"": 10} for reported_quarter in reported}, {"2026-01": {"": 10}}
            )
        }
        (post_stratum,) = assign([cell(7, 8, quarter=f"2026-{quarter}")], caseload).post_strata
        return post_stratum.quarter.removeprefix("2026-")

    assert joined("Q2", "Q1", "Q3") == "Q1"
    assert joined("Q3", "Q2", "Q4") == "Q4"
    assert joined("Q2", "Q3", "Q4") == "Q3"
    assert joined("Q4", "Q1") == "Q1"


QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
KINDS = ("individual", "organisation", "unknown")
GROUPS = st.lists(
    st.builds(
        RatingGroup,
        st.just(1),
        st.sampled_from([7, 8, None]),
        st.sampled_from(KINDS),
        st.integers(1, 30),
        st.sampled_from(QUARTERS),
    ),
    min_size=1,
    max_size=20,
)
AMOUNTS = st.dictionaries(
    st.sampled_from(QUARTERS), st.dictionaries(st.sampled_from(KINDS[:2]), st.integers(0, 50), min_size=1), min_size=1
)


@given(GROUPS, AMOUNTS, st.booleans())
def test_every_answer_that_names_a_service_with_a_caseload_weighs_something(
    groups: list[RatingGroup], amounts: dict[str, dict[str, int]], together: bool
) -> None:
    merged = {quarter: {"": sum(of_kind.values())} for quarter, of_kind in amounts.items()}
    population = Population(merged if together else amounts, {})
    result = assign(groups, {(1, 7): population})

    total = population.total
    for group, post_stratum in zip(groups, result.post_strata, strict=True):
        if group.service_id == 7 and total:
            assert result.caseloads[post_stratum] > 0
    assert sum(result.caseloads.values()) == total


def test_a_question_about_individuals_takes_only_their_caseload() -> None:
    result = assign([cell(7, 60)], by_kind(), frozenset({"individual"}))

    assert result.caseloads == {PostStratum(1, 7, "individual"): 60}


def test_borrowed_caseloads_are_marked() -> None:
    assert assign([cell(7, 40)], served(7, provisional=True)).provisional == {PostStratum(1, 7)}


def test_the_share_of_a_service_whose_answers_lack_kinds_is_an_exact_ratio() -> None:
    population = {(1, 7): Population({"": {"individual": 900, "organisation": 100}}, {})}
    counts = {"individual": (45, 36), "organisation": (8, 7), "unknown": (2, 1)}
    result = assign([cell(7, n, kind=kind) for kind, (n, _good) in counts.items()], population)
    cells = Cells.from_columns(
        stratum=["a"] * 3,
        post_stratum=list(counts),
        caseload=[Fraction(result.caseloads[post_stratum]) for post_stratum in result.post_strata],
        responses=[n for n, _good in counts.values()],
        satisfied=[good for _n, good in counts.values()],
    )
    weighting_group = collapse(cells.post_stratum_labels, [(("a",),)] * 3, cells.answered, cells.caseload)
    (figure,) = estimate(cells.pooled(weighting_group), fpc=False).domains

    assert figure.exact_estimate == Fraction(4, 5)
    assert figure.standard_error == pytest.approx(0.0548722421900451, rel=1e-12)
    assert not Threshold.parse(">80").holds(figure)
    assert Threshold.parse(">=80").holds(figure)
