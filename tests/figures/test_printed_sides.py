"""As printed, a figure and its bounds lie on the side of the level on which the verdict has them."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape

import pytest
from flask import Flask, get_template_attribute
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.presentation.command_line import figure_text
from analysis.presentation.figures_json import figure_json
from analysis.results.publication.phrases import figure_sentence
from analysis.statistics import Cells, Showing, Threshold, estimate, judge

pytestmark = pytest.mark.one_database

NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?= %|%|-|\N{NO-BREAK SPACE}%)")


@st.composite
def figures(draw: st.DrawFn) -> tuple[Figure, Threshold]:
    """A judged figure beside a level that one of its own numbers all but touches."""
    days, size = draw(st.integers(4, 30)), draw(st.integers(5, 400))
    satisfied = draw(st.lists(st.integers(size // 2, size), min_size=days, max_size=days))
    cells = Cells.from_columns(
        stratum=["a"] * days,
        post_stratum=["a"] * days,
        caseload=[days * size * 3] * days,
        psu=[f"d{day}" for day in range(days)],
        responses=[size] * days,
        satisfied=satisfied,
    )
    domain = estimate(cells).domains[0]
    interval = domain.interval_90
    assert domain.estimate is not None
    near = draw(st.sampled_from([domain.estimate, *([interval.low, interval.high] if interval else [])]))
    digits = draw(st.integers(2, 4))  # a level of whole percent, or of tenths or hundredths, so that it lies nearer
    level = Fraction(round(near * 10**digits), 10**digits)
    threshold = Threshold(draw(st.sampled_from([">", ">="])), level)
    verdict = judge(domain, threshold)
    return Figure("a", "a", domain, verdict, domain.caseload, Showing.FULL, answers=domain.responses), threshold


def read(text: str) -> list[Fraction]:
    return [Fraction(number.replace(",", ".")) / 100 for number in NUMBER.findall(text)]


def side(share: float | Fraction, level: Fraction) -> int:
    exact = Fraction(repr(float(share))) if isinstance(share, float) else share
    return (exact > level) - (exact < level)


@given(figures())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_printed_lies_where_it_is(app: Flask, drawn: tuple[Figure, Threshold]) -> None:
    figure, threshold = drawn
    estimate, level = figure.estimate, threshold.threshold
    assert estimate is not None
    assert estimate.estimate is not None
    if estimate.interval_90 is None:
        return
    told = [estimate.estimate, estimate.interval_90.low, estimate.interval_90.high]
    row = {"suppressed": False, "estimate": estimate.estimate, "n": 50, "received": 60}
    row["interval_90"] = {"low": told[1], "high": told[2]}
    for language in ("vi", "en"):
        with app.test_request_context(), force_locale(language):
            macro = get_template_attribute("components/verdict.html", "figure")
            domain = {**row, "interval": {**row["interval_90"], "level": 0.9}}
            printed = {
                "page": unescape(macro(domain, beside=[float(level)])).replace("90 %", ""),
                "sentence": phrases.sentence("x", figure, "").replace("90 %", ""),
                "published": figure_sentence(row, [float(level)]).partition("(")[2].replace("90 %", ""),
                "document": f"{labels.value(figure)} {labels.interval(figure)}",
                "command": figure_text(figure_json(figure, threshold)).partition(") n=")[0],
            }
            mark = read(phrases.threshold_words(threshold.comparator, level))
        assert mark == [level], (mark, level)  # the level itself is printed whole
        for where, text in printed.items():
            read_back = read(text)[:3]
            assert [side(share, level) for share in read_back] == [side(share, level) for share in told], (where, text)


def test_a_figure_that_is_the_level_is_printed_as_whole_as_the_level() -> None:
    assert phrases.share_beside(0.9375, [0.9375]) == "93,75 %"
    assert phrases.share_beside(0.9375, [0.8]) == "93,8 %"
    assert phrases.range_beside(0.8, 0.9375, [0.9375]) == "80,00-93,75 %"


def test_a_level_of_a_half_percent_is_printed_whole(app: Flask) -> None:
    with app.test_request_context():
        text = unescape(get_template_attribute("components/verdict.html", "threshold_text")(">", 0.825))
    assert text == "> 82,5 %"
