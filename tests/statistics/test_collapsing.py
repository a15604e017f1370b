"""Thin post-strata are pooled without looking at the answers, inside their parents, never across the domain."""

from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import Cells, collapse, estimate, parents


def chain(agency: str, sector: str = "administration", domain: str = "") -> tuple[tuple[str, ...], ...]:
    return parents("agency", domain=domain, agency=agency, sector=sector, parent_agency=None, province="dak-lak")


def groups(n: list[int], chains: list[tuple[tuple[str, ...], ...]], caseload: list[int] | None = None) -> list[int]:
    keys = [f"s{i}" for i in range(len(n))]
    return collapse(keys, chains, n, caseload or [100] * len(n)).tolist()


def test_adequate_strata_stay_alone() -> None:
    assert groups([5, 6, 7], [chain("a")] * 3) == [0, 1, 2]


def test_thin_and_silent_strata_share_one_pool() -> None:
    assert groups([3, 20, 2, 0], [chain("a")] * 4) == [0, 1, 0, 0]


def test_a_pool_still_thin_takes_the_smallest_adequate_sibling() -> None:
    assert groups([3, 20, 8, 8], [chain("a")] * 4) == [0, 1, 0, 3]


def test_a_pool_that_fails_in_its_sector_goes_to_the_agency() -> None:
    chains = [chain("a", "health"), chain("a"), chain("a")]
    assert groups([2, 9, 30], chains) == [0, 0, 2]


def test_failing_the_last_parent_it_is_not_covered() -> None:
    assert groups([2, 1, 9], [chain("a"), chain("a"), chain("b")], [10, 10, 10]) == [-1, -1, 2]


def test_a_pool_that_is_just_large_enough_leaves_the_others_alone() -> None:
    assert groups([2, 3, 5, 1], [chain("a")] * 4, [10] * 4) == [0, 0, 2, 0]
    assert groups([4, 1], [chain("a")] * 2, [10, 10]) == [0, 0]
    assert groups([5, 5], [chain("a")] * 2, [10, 10]) == [0, 1]


def test_a_pool_takes_as_many_siblings_as_it_needs() -> None:
    assert collapse(["a", "b", "c", "d"], [chain("a")] * 4, [1, 5, 6, 7], [10] * 4, minimum=13).tolist() == [0] * 4


def test_a_stratum_without_a_caseload_joins_no_pool() -> None:
    assert groups([3, 9], [chain("a")] * 2, [0, 50]) == [-1, 1]


def test_a_pool_never_leaves_its_domain() -> None:
    chains = [chain("a", "health", "health"), chain("a", "administration", "administration")]
    assert groups([2, 50], chains) == [-1, 1]


def test_a_service_of_one_agency_is_never_pooled() -> None:
    never = parents("agency_service", domain="x", agency="a", sector="s", parent_agency=None, province="p")
    assert groups([1, 0, 7], [never] * 3) == [0, -1, 2]


def test_a_service_province_wide_pools_inside_the_parent_agency_first() -> None:
    def of(agency: str, parent: str) -> tuple[tuple[str, ...], ...]:
        return parents("service", domain="s", agency=agency, sector="x", parent_agency=parent, province="p")

    chains = [of("c1", "d1"), of("c2", "d1"), of("c3", "d2"), of("c4", "d2")]
    assert groups([2, 3, 1, 1], chains) == [0, 0, 0, 0]
    assert groups([2, 9, 4, 4], chains) == [0, 0, 2, 2]


def test_pooling_borrows_it_does_not_know() -> None:
    cells = Cells.from_columns(
        stratum=["a"] * 3,
        post_stratum=["x", "y", "z"],
        caseload=[100, 200, 700],
        responses=[2, 0, 40],
        satisfied=[1, 0, 30],
    )
    weighting_group = collapse(["x", "y", "z"], [chain("a")] * 3, [2, 0, 40], [100, 200, 700])
    domain = estimate(cells.pooled(weighting_group)).domains[0]
    assert domain.sum_of_weights == 1_000
    assert (domain.coverage, domain.coverage_adequate, domain.response_rate) == (0.8, 0.7, 0.042)


def test_what_is_not_covered_stays_in_the_caseload_and_leaves_n() -> None:
    cells = Cells.from_columns(
        stratum=["a", "b"],
        post_stratum=["x", "y"],
        caseload=[100, 300],
        responses=[2, 40],
        satisfied=[1, 30],
    )
    result = estimate(cells.pooled([-1, 1]))
    domain = result.domains[0]
    assert (domain.estimate, domain.n, domain.responses, domain.response_rate) == (0.75, 40, 42, 40 / 400)
    assert "not_covered" in {warning.code for warning in result.warnings}


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab"), st.sampled_from("xy")), max_size=12))
def test_every_pool_is_adequate_and_stays_in_one_agency(strata: list[tuple[int, str, str]]) -> None:
    n = [stratum[0] for stratum in strata]
    pools = groups(n, [chain(stratum[1], stratum[2]) for stratum in strata], [50] * len(n))
    for group in set(pools) - {-1}:
        members = [i for i, code in enumerate(pools) if code == group]
        assert sum(n[i] for i in members) >= 5
        assert len({strata[i][1] for i in members}) == 1
    for i in (i for i, group in enumerate(pools) if group == -1):
        assert sum(m for (m, agency, _) in strata if agency == strata[i][1]) < 5
