"""One verdict a row, which says in the same breath whether it stands when all are judged (Benjamini-Hochberg 1995)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.desk.ranking import ranking_of
from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.presentation.figures_json import figures_json
from analysis.statistics import Evidence, Point, Threshold, Verdict
from analysis.statistics.disclosure.primary import Showing
from survey.foundation.periods import Period

QUESTION = FigureQuery(province="dak-lak", subject="procedures", period=Period.parse("2026-10"), by="agency")
FALSE_DISCOVERIES = 0.05
TARGET = Threshold.parse(">80")
chance = st.one_of(st.floats(0, 0.06), st.floats(0, 1), st.sampled_from([0.0, 0.025, 0.05]))


def table(*judged: tuple[float, float, str | None] | None) -> Figures:
    """Units with (p above, p below, evidence); None: a unit without a verdict."""
    return Figures(QUESTION, None, tuple(unit(number, pair) for number, pair in enumerate(judged)), ())


def unit(number: int, judged: tuple[float, float, str | None] | None) -> Figure:
    verdict = None
    if judged is not None:
        above, below, evidence = judged
        verdict = Verdict(TARGET, Point.MET, evidence and Evidence(evidence), 0.7, 0.9, above, below, None)
    return Figure(f"unit-{number:02d}", f"Đơn vị {number:02d}", None, verdict, None, Showing.FULL)


def stands(figures: Figures) -> list[bool | None]:
    return [place.together for place in ranking_of(figures, "given").rows]


def discovered(chances: list[float]) -> list[bool]:
    """The step-up procedure as its authors write it: the largest k whose k-th smallest p is at most k/m of the rate."""
    m = len(chances)
    last = max([k for k, p in enumerate(sorted(chances), start=1) if p * m <= k * FALSE_DISCOVERIES], default=0)
    bound = sorted(chances)[last - 1] if last else -1.0
    return [p <= bound for p in chances]


def evidence_of(above: float, below: float) -> str:
    """What the interval says, which is what the two chances say."""
    return "met" if above < 0.05 else "not_met" if below < 0.05 else "inconclusive"


def test_one_small_chance_among_twenty_units_stands_for_itself_alone() -> None:
    others = [(0.5, 0.5, "inconclusive")] * 19
    assert stands(table((0.04, 0.96, "met"))) == [True]  # asked once, it is
    assert stands(table((0.04, 0.96, "met"), *others)) == [False, *[None] * 19]
    assert stands(table((0.96, 0.04, "not_met"))) == [True]
    assert stands(table((0.96, 0.04, "not_met"), *others)) == [False, *[None] * 19]


def test_units_with_too_few_answers_or_no_verdict_are_no_part_of_the_family() -> None:
    left_out = [(0.5, 0.5, "insufficient"), (0.5, 0.5, None), None] * 10
    assert stands(table((0.04, 0.96, "met"), *left_out)) == [True, *[None] * 30]
    assert stands(table((0.0, 1.0, "insufficient"), (1.0, 0.0, None))) == [None, None]


@given(st.lists(chance, min_size=1, max_size=25))
def test_a_settled_verdict_stands_where_its_side_discovers_it_and_no_open_one_becomes_settled(
    chances: list[float],
) -> None:
    judged = [(pair, 1 - pair, evidence_of(pair, 1 - pair)) for pair in chances]
    above, below = discovered([pair[0] for pair in judged]), discovered([pair[1] for pair in judged])
    expected = [
        None if evidence == "inconclusive" else (a if evidence == "met" else b)
        for (_, _, evidence), a, b in zip(judged, above, below, strict=True)
    ]
    assert stands(table(*judged)) == expected


def test_programs_are_told_the_same_of_each_row_as_the_desk() -> None:
    figures = table((0.0001, 0.9999, "met"), (0.04, 0.96, "met"), *[(0.5, 0.5, "inconclusive")] * 3, None)
    told = [domain["verdict"] and domain["verdict"]["together"] for domain in figures_json(figures)["domains"]]
    assert told == stands(figures) == [True, False, None, None, None, None]
