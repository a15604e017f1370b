"""What the door refuses, and the words it refuses it with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from survey.foundation.storage.database import writing
from survey.questionnaires.models import QuestionnaireVersion
from survey.responses.ingest import receive
from tests.responses.handing_in import WHEN, statuses, stored, submission, tallies
from tests.support.cases import in_one_world

pytestmark = pytest.mark.usefixtures("register")


def test_a_refused_answer_is_told_by_its_id_and_a_clash_in_words(database: Any) -> None:
    first = submission()
    receipts = receive([first, submission(counter="nowhere"), replace(first, answers={"overall_service": 2})])

    assert [receipt.id for receipt in receipts][::2] == [first.id, first.id]
    assert receipts[0].problem is None
    assert receipts[1].problem == "Không có quầy nowhere."
    assert receipts[2].problem == "Đã có một đánh giá khác với cùng mã; bản đầu tiên được giữ nguyên."


@in_one_world(
    ("changes", "says"),
    [
        ({"counter": "nowhere"}, "nowhere"),
        ({"counter": None, "agency": None}, "cơ quan"),
        ({"service": "unknown"}, "unknown"),
        ({"service": "kham-benh"}, "kham-benh"),
        ({"questionnaire": "administration", "version": 99}, "99"),
        ({"channel": "telepathy"}, "telepathy"),
        ({"respondent_kind": "robot"}, "robot"),
        ({"answers": {}}, ""),
        ({"answers": {"overall_service": 6}}, ""),
        ({"answers": {"overall_service": 4, "no_such_item": 3}}, "no_such_item"),
        ({"comment": "x" * 2001}, "2000"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_reason(changes: dict[str, Any], says: str, database: Any) -> None:
    (receipt,) = receive([submission(**changes)])

    assert receipt.status == "invalid"
    assert says in (receipt.problem or "")
    assert stored() == []
    assert tallies() == {}


def test_what_is_unknown_is_told_in_full(database: Any) -> None:
    wrong: list[dict[str, Any]] = [
        {"questionnaire": "no-such-form", "version": 7},
        {"counter": "nowhere"},
        {"counter": None, "agency": "no-such-agency"},
        {"counter": None},
        {"agency": "no-such-agency"},
        {"agency": "bv-tinh"},
        {"service": "no-such-service"},
        {"service": "kham-benh"},
        {"respondent_kind": "robot"},
        {"channel": "telepathy"},
        {"comment": "x" * 2001},
    ]

    receipts = receive([submission(**changes) for changes in wrong])

    assert [receipt.problem for receipt in receipts] == [
        "Không có phiếu no-such-form phiên bản 7.",
        "Không có quầy nowhere.",
        "Không có cơ quan no-such-agency.",
        "Không có cơ quan (trống).",
        "Không có cơ quan no-such-agency.",
        "Quầy quay-ubnd-ea-tam không thuộc cơ quan bv-tinh.",
        "Không có dịch vụ no-such-service.",
        "Dịch vụ kham-benh không thuộc ngành của phiếu.",
        "Không có đối tượng trả lời robot.",
        "Không có kênh telepathy.",
        "Ý kiến dài quá 2000 ký tự; xin viết ngắn lại.",
    ]


def test_a_draft_takes_no_answer(database: Any) -> None:
    with writing() as session:
        published = session.scalars(
            select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == "administration")
        ).first()
        assert published
        session.add(
            QuestionnaireVersion(questionnaire_key="administration", version=99, definition=published.definition)
        )

    assert statuses(submission(version=99)) == ["invalid"]


def test_an_instant_without_a_zone_is_a_mistake_of_ours_and_nothing_is_stored(database: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        statuses(submission(), submission(answered_at=WHEN.replace(tzinfo=None)))

    assert stored() == []
