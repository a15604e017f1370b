"""Which answers carry weight, and which only count unweighted."""

from __future__ import annotations

from typing import Any

from analysis.figures.rating_queries import RatingGroup
from analysis.figures.weighting.population import Population
from analysis.figures.weighting.post_strata import UNASSIGNED, WHOLE_SECTOR, Assignment, PostStratum, assign


def cell(service: int | None, responses: int, *, kind: str = "individual", agency: int = 1) -> RatingGroup:
    return RatingGroup(agency, service, kind, responses)


def served(*services: int, **more: Any) -> dict[tuple[int, int], Population]:
    return {(1, service): Population(100.0, {}, ("2026-10",), **more) for service in services}


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
    return {(1, 7): Population(100.0, {"individual": 60.0, "organisation": 40.0}, ("2026-10",))}


def kinds(unknown: int, **more: Any) -> Assignment:
    cells = [cell(7, 60), cell(7, 40 - unknown, kind="organisation"), cell(7, unknown, kind="unknown")]
    return assign(cells, by_kind(), **more)


def test_post_strata_use_the_kind_while_at_most_one_in_twenty_lacks_it() -> None:
    assert kinds(5).post_strata == [
        PostStratum(1, 7, "individual"),
        PostStratum(1, 7, "organisation"),
        PostStratum(1, UNASSIGNED),
    ]
    assert set(kinds(6).post_strata) == {PostStratum(1, 7)}


def test_a_question_about_individuals_takes_only_their_caseload() -> None:
    result = assign([cell(7, 60)], by_kind(), frozenset({"individual"}))

    assert result.caseloads == {PostStratum(1, 7, "individual"): 60.0}


def test_borrowed_caseloads_are_marked() -> None:
    assert assign([cell(7, 40)], served(7, provisional=True)).provisional == {PostStratum(1, 7)}
