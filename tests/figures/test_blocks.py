"""After an answer only its own agency's counts are read and worked out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from analysis.figures.store import aggregates
from analysis.figures.store.counts import AgencyCounts
from analysis.figures.weighting import blocks
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Agency
from tests.desk import world

YEAR = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026"))


@pytest.fixture(autouse=True)
def new_process() -> None:
    """Tests on copies of one database have its stamps in common, and so what was remembered by them."""
    forget_everything()


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of agencies whose cells were put together."""
    codes: list[str] = []
    read = blocks.read_together

    def noted(counts: Sequence[AgencyCounts], *arguments: Any, **named: Any) -> Any:
        codes.extend(db.session.get_one(Agency, count.agency_id).code for count in counts)
        return read(counts, *arguments, **named)

    monkeypatch.setattr(blocks, "read_together", noted)
    return codes


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The months, and how many agencies of them, that were read from the ratings."""
    months: list[tuple[str, int]] = []
    fetch = aggregates.fetch_from_ratings

    def noted(scope: Any, month: str, agencies: Any) -> Any:
        months.append((month, len(agencies)))
        return fetch(scope, month, agencies)

    monkeypatch.setattr(aggregates, "fetch_from_ratings", noted)
    return months


def test_only_the_agency_that_was_answered_is_worked_out_again(small_world: Flask, worked_out: list[str]) -> None:
    with small_world.app_context():
        before = answer(YEAR).total.estimate
        assert {"bv-tinh", "tyt-xa"} <= set(worked_out)
        worked_out.clear()
        world.answer("bv-tinh", "kham-benh", "2026-10-05", 30, 1)
        db.session.rollback()
        after = answer(YEAR).total.estimate
        assert worked_out == ["bv-tinh"]
        assert before is not None
        assert after is not None
        assert after.responses == before.responses + 30


def test_what_nothing_is_remembered_of_is_worked_out_in_one_go(
    small_world: Flask, worked_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    read = blocks.read_together

    def noted(counts: Sequence[AgencyCounts], *arguments: Any, **named: Any) -> Any:
        sizes.append(len(counts))
        return read(counts, *arguments, **named)

    monkeypatch.setattr(blocks, "read_together", noted)
    with small_world.app_context():
        answer(YEAR)
    assert sizes == [len(set(worked_out))]
    assert sizes[0] > 1


def test_only_the_month_that_was_answered_is_read_again(small_world: Flask, read: list[tuple[str, int]]) -> None:
    with small_world.app_context():
        answer(YEAR)
        assert len(read) == len(world.MONTHS)
        read.clear()
        world.answer("bv-tinh", "kham-benh", "2026-10-05", 1, 1)
        db.session.rollback()
        answer(YEAR)
        assert read == [("2026-10", 1)]


def test_what_a_breakdown_needs_alike_is_worked_out_once(small_world: Flask, worked_out: list[str]) -> None:
    with small_world.app_context():
        answer(YEAR)
        whole = sorted(worked_out)
        answer(FigureQuery(province="dak-lak", subject="health_service", period=YEAR.period, by="agency"))
        assert sorted(worked_out) == whole
