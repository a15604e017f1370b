"""Words that would mislead whoever signs: steps of nothing, a figure that reads like the level it misses."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from analysis.presentation.overturn_words import overturn_sentences
from analysis.presentation.phrases import deciding_decimals, moved_words
from analysis.statistics import Evidence, Overturn, Point
from survey.foundation.formatting import percent, points, points_range
from tests.reports.making import charts, make
from tests.reports.pages import strings_of

pytestmark = pytest.mark.one_database

NO_STEP = re.compile(r"(?<![\d,])[+-]?0,0 điểm")
LEVELS = [0.6, 0.7, 0.8, 0.875]
shares = st.floats(0, 1) | st.builds(lambda level, off: level + off, st.sampled_from(LEVELS), st.floats(-0.001, 0.001))


@given(shares, st.sampled_from(LEVELS))
def test_a_share_reads_like_the_level_only_where_it_is_the_level(share: float, level: float) -> None:
    decimals = deciding_decimals(share, level)
    assert decimals >= 1
    assert (percent(share, decimals) == percent(level, decimals)) == (share == level)


@given(st.floats(-1, 1), st.sampled_from(Point), st.sampled_from(Evidence))
def test_no_difference_is_told_as_nothing(difference: float, point: Point, evidence: Evidence) -> None:
    said = overturn_sentences(point, evidence, Overturn(difference, None, possible=True, of_point=difference))
    assert not NO_STEP.search(moved_words(difference))
    assert not NO_STEP.search(said)


@given(st.floats(-0.002, 0.002))
def test_what_is_printed_as_nothing_has_no_sign(difference: float) -> None:
    assert "-0,0" not in (said := f"{points(difference)} {points_range(difference, difference)}")
    assert "+0,0" not in said


def test_no_document_tells_a_step_of_nothing(world: Flask) -> None:
    for recipient, period in (("so-y-te", "2026-10"), ("so-noi-vu", "2026"), ("bv-tinh", "2026-Q3")):
        report = make(world, recipient, period)
        assert [text for text in strings_of(report.document) if re.search(r"(tăng|giảm|:) [+-]?0,0 điểm", text)] == []


def test_an_n_stands_only_beside_what_was_estimated(world: Flask) -> None:
    for recipient in ("so-y-te", "so-noi-vu", "thpt-1"):
        marks = [mark for chart in charts(make(world, recipient, "2026-11").document) for mark in chart.marks]
        assert [mark for mark in marks if mark.value is None and "n =" in mark.under] == []
