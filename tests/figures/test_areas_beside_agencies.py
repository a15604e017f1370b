"""A table by area and one by agency, read side by side, tell no agency with few answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as figures_of
from analysis.figures.suppression.complement import telling_of_parts
from analysis.statistics import Showing
from survey.foundation.periods import Period
from tests.desk.world import answer

pytestmark = pytest.mark.one_database

QUESTION = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026-10"), by="area")


def hidden_by(question: FigureQuery) -> dict[str, bool]:
    return {figure.domain: figure.suppressed for figure in figures_of(question).figures}


def place(area_of: dict[str, str]) -> None:
    """Write the area of agencies into the register."""
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency

    with writing() as session:
        for code, area in area_of.items():
            session.query(Agency).filter_by(code=code).one().area = area


def test_no_area_minus_its_shown_agencies_tells_a_few_answers(small_world: Flask) -> None:
    with small_world.app_context():
        place({"so-y-te": "urban", "ubnd-ea-tam": "remote", "thpt-1": "remote"})
        assert hidden_by(QUESTION) == {"urban": False, "remote": False}
        answer("thpt-1", "ho-tich", "2026-10-09", 4, 2)
        assert hidden_by(replace(QUESTION, by="agency")) == {"so-y-te": True, "thpt-1": True, "ubnd-ea-tam": False}
        assert hidden_by(QUESTION) == {"urban": True, "remote": True}  # 64 - 60, and 94 - 60 - 30


@pytest.mark.parametrize(
    ("counts", "telling"),
    [
        ({"shown": 60, "thin": 4, "held": 30}, {"remote", "urban"}),
        ({"shown": 60, "thin": 0, "held": 30}, set()),  # what is left of each area holds enough, or nothing
        ({"shown": 60, "thin": 9, "held": 0}, {"remote"}),
        ({"shown": 60, "thin": 10, "held": 0}, set()),
    ],
)
def test_areas_with_a_hidden_agency_are_all_held_back_once_one_would_tell_a_few(
    small_world: Flask, counts: dict[str, int], telling: set[str]
) -> None:
    with small_world.app_context():
        (figure, *_) = figures_of(replace(QUESTION, by="agency")).figures
    parts = [
        replace(figure, domain=name, n=count, shown=Showing.FULL if name == "shown" else Showing.SUPPRESSED)
        for name, count in counts.items()
    ]
    areas = {"remote": counts["shown"] + counts["thin"], "urban": counts["held"], "rural": 0}
    domain_of = {"shown": "remote", "thin": "remote", "held": "urban"}
    assert telling_of_parts({"n": areas}, parts, domain_of) == telling
