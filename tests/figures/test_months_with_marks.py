"""Marks that stand beside a figure are looked for where there are any: most months have none."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.responses.models import AnswerBeyondCapacity, Rating
from tests.desk.test_statement_counts import counted

BY_MONTH = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026"), by="month")
MARKED = "2026-09"


def mark_one_answer() -> None:
    with writing() as session:
        of_month = select(Rating.response_id).where(Rating.subject == "agency_service", Rating.month == MARKED)
        session.add(AnswerBeyondCapacity(response_id=session.scalars(of_month.limit(1)).one()))


@pytest.mark.parametrize("marked", [False, True])
def test_only_months_with_marked_answers_are_counted_for_marks(small_world: Flask, *, marked: bool) -> None:
    forget_everything()
    with small_world.app_context():
        if marked:
            mark_one_answer()
        with counted(small_world) as sent:
            notes = answer(BY_MONTH).notes
    asked = [statement for statement in sent if "answers_beyond_capacity" in statement]
    assert len(asked) == (3 if marked else 1), "which months, then that month and the year"
    assert [note.code for note in notes if note.code == "beyond_capacity"] == ["beyond_capacity"] * marked
