"""Which ratings an answer gives, by subject; details count where they were rated."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from survey.questionnaires.catalogue import shipped_questionnaires
from survey.questionnaires.definition import Definition
from survey.responses.models import Rating
from tests.responses.handing_in import statuses, submission

pytestmark = pytest.mark.usefixtures("register")


def test_a_detail_rated_1_is_answered_and_one_of_no_opinion_is_not(database: Any) -> None:
    health = {"questionnaire": "health", "counter": "quay-bv-tinh", "service": "kham-benh"}
    codes = details_of("health")
    ratings = [1, 0, 3, 4, 5]
    statuses(submission(**health, answers={"overall_health": 2} | dict(zip(codes, ratings, strict=False))))

    (row,) = database.session.execute(select(Rating.items_answered, Rating.items_satisfied)).all()
    given = ratings[: len(codes)]
    assert tuple(row) == (sum(value > 0 for value in given), sum(value >= 4 for value in given))
    assert len(given) >= 3


def details_of(questionnaire: str) -> list[str]:
    """The codes of a shipped form's detailed items."""
    shipped = next(each for each in shipped_questionnaires() if each["key"] == questionnaire)
    return [item.code for item in Definition.parse(shipped["definition"]).items if item.is_detail]


def test_both_subjects_rated_give_a_joint_rating_that_is_satisfied_only_when_both_are(database: Any) -> None:
    statuses(submission(answers={"overall_service": 5, "overall_procedures": 3}))
    statuses(submission(answers={"overall_service": 4}))

    rows = database.session.execute(select(Rating.subject, Rating.value).order_by(Rating.subject, Rating.value)).all()
    assert [tuple(row) for row in rows] == [
        ("agency_service", 4),
        ("agency_service", 5),
        ("procedures", 3),
        ("procedures_and_service", 3),
    ]


def test_no_opinion_leaves_the_denominator(database: Any) -> None:
    statuses(submission(answers={"overall_service": 4, "overall_procedures": 0}))

    assert database.session.scalars(select(Rating.subject)).all() == ["agency_service"]
