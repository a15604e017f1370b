"""The annex of questions: charts stand with their tables; one that says nothing more than they is not drawn."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from analysis.presentation.charts.model import Chart
from survey.questionnaires.catalogue import official_questionnaires
from tests.desk.world import answer
from tests.reports.making import make, section

pytestmark = pytest.mark.one_database

FORM = next(questionnaire for questionnaire in official_questionnaires() if questionnaire["key"] == "byt-outpatient")
CODES = [item["code"] for item in FORM["definition"]["items"] if item["type"] == "rating" and not item.get("subject")]


@pytest.mark.parametrize(("asked", "between"), [(1, []), (2, [2]), (20, [10, 10])])
def test_charts_stand_between_the_tables_of_their_form(world: Flask, asked: int, between: list[int]) -> None:
    given: dict[str, Any] = {"overall_health": 5, **dict.fromkeys(CODES[:asked], 4)}
    with world.app_context():
        for value in (2, 4):
            more = given | dict.fromkeys(CODES[:asked], value)
            answer("bv-tinh", "kham-benh", "2026-10-12", 20, 5, questionnaire=FORM["key"], answers=more)
    first, *charts, last = section(make(world).document, "theo tiêu chí và câu hỏi").blocks
    assert "Theo tiêu chí" in first.caption
    assert "Theo câu hỏi" in last.caption
    assert [len(chart.stacks) for chart in charts if isinstance(chart, Chart)] == between


def test_a_chart_of_some_questions_says_how_many_there_are(world: Flask) -> None:
    given: dict[str, Any] = {"overall_health": 5}
    with world.app_context():
        for value in (2, 4):
            more = given | dict.fromkeys(CODES[:3], value)
            answer("bv-tinh", "kham-benh", "2026-10-12", 20, 5, questionnaire=FORM["key"], answers=more)
        answer("bv-tinh", "kham-benh", "2026-10-12", 3, 5, questionnaire=FORM["key"], answers=given | {CODES[0]: 1})
    [chart] = [
        block for block in section(make(world).document, "theo tiêu chí và câu hỏi").blocks if isinstance(block, Chart)
    ]
    assert len(chart.stacks) == 2
    assert "2 trong 3 câu" in chart.caption
