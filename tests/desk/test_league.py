"""The marks of a table of many units: of those it marks, few may be there by chance (Benjamini & Hochberg 1995)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.desk.ranking import league
from analysis.figures.figure import Figure, Figures
from analysis.figures.query import FigureQuery
from analysis.statistics import Threshold, Verdict
from analysis.statistics.disclosure.primary import Showing
from survey.foundation.periods import Period

QUESTION = FigureQuery(province="dak-lak", subject="procedures", period=Period.parse("2026-10"), by="agency")
FALSE_DISCOVERIES = 0.05
TARGET = Threshold.parse(">80")
chance = st.one_of(st.floats(0, 0.06), st.floats(0, 1), st.sampled_from([0.0, 0.025, 0.05]))


def table(*judged: tuple[float, float, str | None] | None) -> Figures:
    """Units with (p above, p below, evidence); None: a unit without a verdict."""
    return Figures(QUESTION, None, tuple(unit(number, one) for number, one in enumerate(judged)), ())


def unit(number: int, judged: tuple[float, float, str | None] | None) -> Figure:
    verdict = None
    if judged is not None:
        above, below, evidence = judged
        verdict = Verdict(TARGET, "met", evidence, 0.7, 0.9, above, below, None)
    return Figure(f"unit-{number:02d}", f"Đơn vị {number:02d}", None, verdict, None, Showing.FULL)


def marks(figures: Figures) -> list[str | None]:
    return [place.mark for place in league(figures, "given").places]


def discovered(chances: list[float]) -> list[bool]:
    """The step-up procedure as its authors write it: the largest k whose k-th smallest p is at most k/m of the rate."""
    m = len(chances)
    last = max([k for k, p in enumerate(sorted(chances), start=1) if p * m <= k * FALSE_DISCOVERIES], default=0)
    bound = sorted(chances)[last - 1] if last else -1.0
    return [p <= bound for p in chances]


def test_one_small_chance_among_twenty_units_is_no_discovery() -> None:
    others = [(0.5, 0.5, "inconclusive")] * 19
    assert marks(table((0.04, 0.96, "met"))) == ["above"]  # asked once, it is
    assert marks(table((0.04, 0.96, "met"), *others)) == [None] * 20
    assert marks(table((0.96, 0.04, "not_met"))) == ["below"]
    assert marks(table((0.96, 0.04, "not_met"), *others)) == [None] * 20


def test_units_with_too_few_answers_or_no_verdict_are_no_part_of_the_family() -> None:
    left_out = [(0.5, 0.5, "insufficient"), (0.5, 0.5, None), None] * 10
    assert marks(table((0.04, 0.96, "met"), *left_out)) == ["above", *[None] * 30]
    assert marks(table((0.0, 1.0, "insufficient"), (1.0, 0.0, None))) == [None, None]


@given(st.lists(st.tuples(chance, chance), min_size=1, max_size=25))
def test_the_marks_are_the_discoveries_of_each_side(chances: list[tuple[float, float]]) -> None:
    above = discovered([one[0] for one in chances])
    below = discovered([one[1] for one in chances])
    expected = ["above" if a else "below" if b else None for a, b in zip(above, below, strict=True)]
    assert marks(table(*((a, b, "inconclusive") for a, b in chances))) == expected
