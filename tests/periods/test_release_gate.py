"""What staff are told of answers moves in steps of ten and by the day, on every page and in every file."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise

import pytest
import time_machine
from flask import Flask

from analysis.desk.comments import CommentSearch, every_line
from analysis.desk.distribution import distribution, item_rows
from analysis.exports.responses import responses_table
from analysis.exports.tallies import tallies_table
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province
from analysis.figures.service import answer
from analysis.periods.release_gate import fetch_released
from analysis.presentation.scope import Scope
from analysis.presentation.selection import Selection
from analysis.results.closing.service import close_period
from analysis.statistics.cells.ratio import Method
from analysis.themes.queries import CommentScope, fetch_comment_texts
from survey.foundation.periods import Period
from tests.desk import world as desk
from tests.desk.test_statement_counts import counted

NOVEMBER = Period.parse("2026-11")
EIGHT = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)  # eight in the morning of Monday, 2 November
SCHOOL = "thpt-1"


def looks(app: Flask, moment: dt.datetime, period: Period = NOVEMBER) -> dict[str, int]:
    """How many answers of the school each view speaks of at a moment, the smallest cells shown too."""
    with time_machine.travel(moment, tick=False), app.app_context():
        province = fetch_province("dak-lak")
        scope = Scope(province, "education")
        question = FigureQuery(province="dak-lak", subject="education_service", period=period)
        pooled = FigureQuery(
            province="dak-lak", subject="education_service", period=period, method=Method.ALL_ITEMS, by="language"
        )
        selection = Selection(scope, "education_service", period)
        texts = CommentScope(province_id=province.id, months=period.months, sector="education")
        bars, items = distribution(selection), item_rows(selection)
        return {
            "figure": _n(answer(question).total.answers),
            "sheets read one by one": sum(_n(figure.answers) for figure in answer(pooled).figures),
            "distribution": sum(bar.count or 0 for bar in bars),
            "items": max((item.n for item in items), default=0),
            "comments": len(list(every_line(scope, CommentSearch(period)))),
            "themes": sum(1 for _ in fetch_comment_texts(texts)),
            "file of answers": len(list(responses_table(scope, period).rows)),
            "file of counts": max((_n(row[7]) for row in tallies_table(scope, period).rows), default=0),
        }


def _n(count: object) -> int:
    return count if isinstance(count, int) else 0


def come(app: Flask, moment: dt.datetime, count: int, *, day: dt.date | None = None) -> None:
    """Alike answers arrive at a moment, each with a comment."""
    with app.app_context():
        at = (day or moment.date()).isoformat()
        desk.answer(SCHOOL, "giao-duc", at, count, 5, received_at=moment, comment="Thầy cô tận tình")


def test_every_view_of_a_running_month_holds_the_newest_ten_back_and_says_the_same(world: Flask) -> None:
    for hour in range(9):  # an hour's answers are told together: no closer time is kept of them
        come(world, EIGHT + dt.timedelta(hours=hour), 3)
    day = dt.timedelta(days=1)
    assert set(looks(world, EIGHT + dt.timedelta(hours=9)).values()) == {0}
    assert set(looks(world, EIGHT + day).values()) == {12}
    come(world, EIGHT + day, 10)
    assert set(looks(world, EIGHT + day + dt.timedelta(hours=1)).values()) == {12}
    assert set(looks(world, EIGHT + 2 * day).values()) == {24}
    assert set(looks(world, NOVEMBER.ends_at).values()) == {37}


@pytest.mark.parametrize("seed", range(5))
def test_two_looks_at_any_view_differ_by_nothing_or_by_ten(world: Flask, seed: int) -> None:
    chance = random.Random(seed)
    period = Period.parse(f"{2027 + seed}-0{seed + 2}")
    first = dt.datetime.combine(period.first_day, dt.time(2), dt.UTC)
    for _ in range(12):
        at = first + dt.timedelta(days=chance.randrange(28), minutes=chance.randrange(400))
        late = dt.timedelta(days=chance.choice((0, 0, 0, 20)))
        come(world, at + late, chance.randint(1, 9), day=at.date())
    moments = sorted(first + dt.timedelta(days=chance.randrange(60), hours=chance.randrange(12)) for _ in range(3))
    seen = [looks(world, moment, period) for moment in moments]
    for before, after in pairwise(seen):
        for view in before:
            assert after[view] == before[view] or after[view] - before[view] >= 10, view


def test_a_closed_month_is_told_as_it_could_be_told_when_it_was_closed(world: Flask) -> None:
    come(world, EIGHT, 25)
    over = NOVEMBER.ends_at + dt.timedelta(hours=3)
    come(world, over, 4, day=dt.date(2026, 11, 27))
    with time_machine.travel(over + dt.timedelta(hours=1), tick=False), world.app_context():
        close_period("dak-lak", NOVEMBER)
    assert looks(world, over + dt.timedelta(days=1))["figure"] == 25
    come(world, over + dt.timedelta(hours=2), 6, day=dt.date(2026, 11, 27))
    with time_machine.travel(over + dt.timedelta(hours=3), tick=False), world.app_context():
        close_period("dak-lak", NOVEMBER)
    assert looks(world, over + dt.timedelta(days=1))["figure"] == 35


def test_what_an_agency_without_a_step_was_told_is_told_to_nobody(world: Flask) -> None:
    come(world, EIGHT, 4)
    assert set(looks(world, NOVEMBER.ends_at + dt.timedelta(days=3)).values()) == {0}


def test_an_ended_month_costs_one_statement(world: Flask) -> None:
    come(world, EIGHT, 25)
    with time_machine.travel(NOVEMBER.ends_at, tick=False), world.app_context():
        province_id = fetch_province("dak-lak").id
        fetch_released(province_id, NOVEMBER.months)
    with time_machine.travel(NOVEMBER.ends_at, tick=False), world.app_context(), counted(world) as sent:
        assert fetch_released(province_id, NOVEMBER.months).cuts == ()
    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 1
