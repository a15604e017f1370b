"""Contributions explain the gap between a figure and its target, all of it and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import Cells, estimate
from analysis.statistics.contributions import contributions

AGENCY = st.sampled_from(["a", "b", "c"])
SERVICE = st.sampled_from(["x", "y"])
ROW = st.tuples(AGENCY, SERVICE, st.integers(1, 3), st.integers(0, 40), st.integers(0, 40))


def cells_of(rows: list[tuple[str, str, int, int, int]]) -> Cells:
    sizes = {(agency, service): 50 + 7 * len(agency + service) + ord(agency) for agency, service, *_ in rows}
    return Cells.from_columns(
        stratum=[agency for agency, *_ in rows],
        post_stratum=[f"{agency}/{service}" for agency, service, *_ in rows],
        caseload=[sizes[agency, service] for agency, service, *_ in rows],
        psu=[f"d{day}" for _, _, day, _, _ in rows],
        responses=[good + bad for *_, good, bad in rows],
        satisfied=[good for *_, good, _ in rows],
    )


def parts_of(cells: Cells, place: int) -> list[str]:
    return [label.split("/")[place] for label in cells.post_stratum_labels]


@given(rows=st.lists(ROW, min_size=1, max_size=12), threshold=st.sampled_from([0.6, 0.7, 0.8]))
def test_contributions_sum_to_the_gap(rows: list[tuple[str, str, int, int, int]], threshold: float) -> None:
    cells = cells_of(rows)
    (figure,) = estimate(cells).domains
    for place in (0, 1):
        parts = contributions(cells, threshold, parts_of(cells, place))
        if figure.estimate is None:
            assert parts == []
        else:
            assert sum(part.gap for part in parts) == pytest.approx(figure.estimate - threshold, abs=1e-12)
            assert sum(part.weight for part in parts) == pytest.approx(1)
            assert sum(part.n for part in parts) == figure.n


def test_a_part_exactly_on_the_target_pulls_neither_way() -> None:
    parts = contributions(cells_of([("a", "x", 1, 4, 1), ("b", "x", 1, 1, 4)]), 0.8, ["a", "b"])
    assert [(part.part, part.gap < 0) for part in parts] == [("b", True), ("a", False)]
    assert parts[1].gap == pytest.approx(0, abs=1e-15)


def test_the_strongest_pull_down_comes_first() -> None:
    rows = [("a", "x", 1, 9, 1), ("b", "x", 1, 2, 8), ("c", "x", 1, 5, 5)]
    assert [part.part for part in contributions(cells_of(rows), 0.8, ["a", "b", "c"])] == ["b", "c", "a"]
