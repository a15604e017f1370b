"""What those who did not answer would have to think for a target to be missed."""

from __future__ import annotations

import pytest
from flask import Flask

from analysis.figures.figure import Figure
from analysis.presentation.tipping import tipping_words
from analysis.statistics import Cells, Showing, Threshold, estimate
from tests.support.cases import in_one_world

pytestmark = pytest.mark.one_database


@in_one_world(
    ("satisfied", "caseload", "words"),
    [
        (70, 400, "trong số người không trả lời, dưới 83,3 % hài lòng"),  # (0,8 x 400 - 70) / 300
        (95, 110, "Dù không ai trong số người không trả lời hài lòng"),
        (10, 110, "Dù mọi người không trả lời đều hài lòng"),
    ],
)
def test_the_tipping_share_is_said_in_words(app: Flask, satisfied: int, caseload: int, words: str) -> None:
    cells = Cells.from_columns(
        stratum=["a"], post_stratum=["a"], caseload=[caseload], responses=[100], satisfied=[satisfied]
    )
    figure = Figure("a", "a", estimate(cells).domains[0], None, caseload, Showing.FULL)
    with app.test_request_context():
        assert words in (tipping_words(figure, Threshold.parse(">80")) or "").replace("\N{NO-BREAK SPACE}", " ")


def test_without_a_caseload_nothing_is_said(app: Flask) -> None:
    cells = Cells.from_columns(stratum=["a"], post_stratum=["a"], caseload=[0], responses=[100], satisfied=[70])
    figure = Figure("a", "a", estimate(cells).domains[0], None, None, Showing.FULL)
    assert tipping_words(figure, Threshold.parse(">80")) is None
