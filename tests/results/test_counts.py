"""The published table of rating counts: small counts hidden, nothing given back by a sum or by the next revision."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
import time_machine
from flask import Flask

from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from tests.desk.world import NOW, answer

pytestmark = pytest.mark.one_database

YEAR = Period.parse("2026")
AFTER_THE_YEAR = dt.datetime(2027, 1, 5, 3, tzinfo=dt.UTC)


def published_counts() -> dict[str, Any]:
    close_period("dak-lak", YEAR)
    figures = publish_period("dak-lak", YEAR).figures
    assert figures is not None
    return figures["counts"]


EVERYWHERE = (("bv-tinh", "kham-benh"), ("thpt-1", "giao-duc"), ("ubnd-ea-tam", "ho-tich"))


def give_the_others(*places: tuple[str, str]) -> None:
    """Thirty of each rating that the world does not know: it has 2 and 5 alone."""
    for (agency, service), value in product(places, (1, 3, 4)):
        answer(agency, service, "2026-10-12", 30, value)


def test_a_year_publishes_how_often_each_rating_was_given(world: Flask) -> None:
    with world.app_context(), time_machine.travel(AFTER_THE_YEAR, tick=False):
        give_the_others(*EVERYWHERE)
        table = published_counts()

    assert table["rows"] == ["administration", "health", "education", "all"]
    assert table["columns"] == ["1", "2", "3", "4", "5", "all"]
    health = table["counts"][1]
    assert health == [30, 80, 30, 30, 260, 430]


def test_a_small_count_cannot_be_worked_out_from_the_published_share(world: Flask) -> None:
    """The share of 4 and 5 tells their sum: with the fives, it would tell how few gave a 4."""
    with world.app_context(), time_machine.travel(AFTER_THE_YEAR, tick=False):
        give_the_others(*EVERYWHERE[1:])
        for value, given in ((1, 2), (3, 30), (4, 3)):
            answer("bv-tinh", "kham-benh", "2026-10-12", given, value)
        counts = published_counts()["counts"]

    assert counts[1][3:5] == [None, None]
    assert counts[1][5] == 375


def test_a_small_count_cannot_be_worked_out_from_the_totals(world: Flask) -> None:
    with world.app_context(), time_machine.travel(AFTER_THE_YEAR, tick=False):
        answer("bv-tinh", "kham-benh", "2026-10-12", 3, 4)
        counts = published_counts()["counts"]

    column = [row[3] for row in counts]
    assert column[1] is None
    assert sum(value is None for value in column) >= 2
    assert sum(value is None for value in counts[1]) >= 2


def test_a_revision_does_not_tell_what_a_few_late_answers_said(world: Flask) -> None:
    with world.app_context():
        with time_machine.travel(AFTER_THE_YEAR, tick=False):
            give_the_others(*EVERYWHERE)
            first = published_counts()["counts"]
        with time_machine.travel(AFTER_THE_YEAR + dt.timedelta(days=1), tick=False):
            from survey.responses.ingest import receive
            from tests.desk.world import submissions

            receive(
                submissions("bv-tinh", "kham-benh", "2026-10-12", 2, 5),
                received_at=AFTER_THE_YEAR + dt.timedelta(hours=1),
            )
            second = published_counts()["counts"]

    assert first[1][4] == 260
    assert second[1][4] is None


def test_a_month_publishes_no_counts_that_a_year_could_be_compared_with(world: Flask) -> None:
    with world.app_context(), time_machine.travel(NOW, tick=False):
        month = Period.parse("2026-10")
        close_period("dak-lak", month)
        figures = publish_period("dak-lak", month).figures

    assert figures is not None
    assert figures["counts"] is None
