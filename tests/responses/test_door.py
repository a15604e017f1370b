"""The one door: exactly once, counted in the same transaction, whatever arrives and however often."""

from __future__ import annotations

import datetime as dt
import threading
import unicodedata
import uuid
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from tests.support.cases import in_one_world
from tests.support.counting import failing_counts

pytestmark = pytest.mark.usefixtures("register")

WHEN = dt.datetime(2026, 10, 5, 2, 41, 7, tzinfo=dt.UTC)
END_OF_HOUR = WHEN.replace(minute=59, second=59)  # all that is kept of when an answer came


def submission(**changes: Any) -> Any:
    """One administration answer at the commune's counter."""
    from survey.responses.ingest import Submission

    fields: dict[str, Any] = {
        "id": uuid.uuid4(),
        "questionnaire": "administration",
        "version": 1,
        "counter": "quay-ubnd-ea-tam",
        "service": "ho-tich",
        "answered_at": WHEN,
        "channel": "kiosk",
        "answers": {"overall_service": 5, "overall_procedures": 3},
    }
    return Submission(**(fields | changes))


def statuses(*submissions: Any) -> list[str]:
    from survey.responses.ingest import receive

    return [receipt.status for receipt in receive(submissions)]


def stored() -> list[Any]:
    from survey.foundation.database import db
    from survey.responses.models import Response

    return list(db.session.scalars(select(Response)))


def tallies() -> dict[tuple[Any, ...], int]:
    from survey.foundation.database import db
    from survey.responses.models import Tally

    rows = db.session.execute(
        select(Tally.month, Tally.agency_id, Tally.service_id, Tally.item, Tally.value, Tally.count)
    )
    return {tuple(row[:5]): row[5] for row in rows}


def recount() -> dict[tuple[Any, ...], int]:
    counts: Counter[tuple[Any, ...]] = Counter()
    for response in stored():
        for item, value in response.answers.items():
            counts[response.month, response.agency_id, response.service_id or 0, item, value] += 1
    return dict(counts)


def test_an_answer_is_stored_with_its_day_and_counted(database: Any) -> None:
    late_evening_in_utc = dt.datetime(2026, 10, 31, 18, 30, tzinfo=dt.UTC)

    assert statuses(submission(answered_at=late_evening_in_utc)) == ["stored"]

    (response,) = stored()
    assert (response.day, response.month) == (dt.date(2026, 11, 1), "2026-11")
    assert response.answered_at == dt.datetime(2026, 10, 31, 18, tzinfo=dt.UTC)  # of a time only the hour is kept
    assert tallies() == recount() != {}


def test_an_answer_belongs_to_the_counter_agency_and_service_it_names(database: Any) -> None:
    from survey.foundation.database import db
    from survey.registry.models import Agency, Counter, Service

    assert statuses(submission()) == ["stored"]

    (response,) = stored()
    ids = [
        db.session.scalar(select(model.id).where(model.code == code))
        for model, code in ((Counter, "quay-ubnd-ea-tam"), (Agency, "ubnd-ea-tam"), (Service, "ho-tich"))
    ]
    assert [response.counter_id, response.agency_id, response.service_id] == ids
    assert {key[1:3] for key in tallies()} == {tuple(ids[1:])}


def test_inside_a_callers_transaction_each_answer_counts_once_and_is_gone_with_it(database: Any) -> None:
    from survey.foundation.database import writing
    from survey.responses.ingest import store

    first, second = submission(), submission(answers={"overall_procedures": 2})
    sent = [first, submission(counter="nowhere"), first, replace(first, answers={"overall_service": 2}), second]

    def fail_afterwards() -> None:
        with writing() as session:
            store(session, sent)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_afterwards()
    assert (stored(), tallies()) == ([], {})

    with writing() as session:
        receipts = store(session, sent, received_at=WHEN)
    assert [receipt.status for receipt in receipts] == ["stored", "invalid", "duplicate", "conflict", "stored"]
    assert [receipt.id for receipt in receipts] == [answer.id for answer in sent]
    assert [response.received_at for response in stored()] == [END_OF_HOUR] * 2
    assert tallies() == recount()
    with writing() as session:
        assert [receipt.status for receipt in store(session, [first, second])] == ["duplicate", "duplicate"]
    assert tallies() == recount()


def test_a_refused_answer_is_told_by_its_id_and_a_clash_in_words(database: Any) -> None:
    from survey.responses.ingest import receive

    first = submission()
    receipts = receive([first, submission(counter="nowhere"), replace(first, answers={"overall_service": 2})])

    assert [receipt.id for receipt in receipts][::2] == [first.id, first.id]
    assert receipts[0].problem is None
    assert receipts[1].problem == "Không có quầy nowhere."
    assert receipts[2].problem == "Đã có một đánh giá khác với cùng mã; bản đầu tiên được giữ nguyên."


def test_an_answer_that_came_at_a_known_time_is_received_then(database: Any) -> None:
    from survey.responses.ingest import receive

    receive([submission()], received_at=WHEN)

    assert [response.received_at for response in stored()] == [END_OF_HOUR]


def test_more_answers_than_one_statement_takes_are_each_stored_once(database: Any) -> None:
    many = [submission() for _ in range(1001)]

    assert set(statuses(*many)) == {"stored"}
    assert set(statuses(*many)) == {"duplicate"}
    assert len(stored()) == 1001
    assert tallies() == recount()


def test_the_same_answer_sent_again_is_a_duplicate_and_counts_once(database: Any) -> None:
    answer = submission(comment="Tốt")

    assert statuses(answer) == ["stored"]
    assert statuses(answer) == ["duplicate"]
    assert statuses(replace(answer, comment=unicodedata.normalize("NFD", "Tốt"))) == ["duplicate"]
    assert len(stored()) == 1
    assert sum(tallies().values()) == 2


def test_the_same_id_with_other_content_is_a_conflict_and_overwrites_nothing(database: Any) -> None:
    answer = submission()
    statuses(answer)

    assert statuses(replace(answer, answers={"overall_service": 1})) == ["conflict"]
    assert stored()[0].answers == {"overall_service": 5, "overall_procedures": 3}
    assert tallies() == recount()


def test_a_batch_judges_each_answer_by_itself_in_order(database: Any) -> None:
    first, second = submission(), submission(answers={"overall_procedures": 2})
    clash = replace(first, answers={"overall_service": 2})

    assert statuses(first, submission(counter="nowhere"), first, clash, second) == [
        "stored",
        "invalid",
        "duplicate",
        "conflict",
        "stored",
    ]
    assert len(stored()) == 2
    assert tallies() == recount()


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
    from survey.responses.ingest import receive

    (receipt,) = receive([submission(**changes)])

    assert receipt.status == "invalid"
    assert says in (receipt.problem or "")
    assert stored() == []
    assert tallies() == {}


def test_what_is_unknown_is_told_in_full(database: Any) -> None:
    from survey.responses.ingest import receive

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


def test_a_counter_may_be_named_together_with_its_agency(database: Any) -> None:
    assert statuses(submission(agency="ubnd-ea-tam"), submission(agency="")) == ["stored", "stored"]


def test_words_alone_are_an_answer_and_no_words_and_no_rating_are_none(database: Any) -> None:
    assert statuses(submission(answers={}, comment="Chờ lâu quá")) == ["stored"]
    assert statuses(submission(answers={}, comment=" ")) == ["invalid"]
    assert statuses(submission()) == ["stored"]
    assert {response.comment for response in stored()} == {"Chờ lâu quá", None}


def test_a_comment_may_be_as_long_as_the_form_allows_whatever_ends_its_lines(database: Any) -> None:
    statuses(submission(comment="x" * 1998 + "\r\nx"))

    assert [len(response.comment) for response in stored()] == [2000]
    assert "\r" not in stored()[0].comment


def test_a_draft_takes_no_answer(database: Any) -> None:
    from survey.foundation.database import writing
    from survey.questionnaires.models import QuestionnaireVersion

    with writing() as session:
        published = session.scalars(
            select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == "administration")
        ).first()
        assert published
        session.add(
            QuestionnaireVersion(questionnaire_key="administration", version=99, definition=published.definition)
        )

    assert statuses(submission(version=99)) == ["invalid"]


def test_what_a_kiosk_says_of_itself_is_kept_with_the_answer(database: Any) -> None:
    device = uuid.uuid4()
    own_time = WHEN - dt.timedelta(days=1)
    register_device(device)

    statuses(submission(device_id=device, device_answered_at=own_time, language="vi-VN-x-long-tag"))

    (response,) = stored()
    assert (response.device_id, response.language) == (device, "vi-VN-x-lo")
    assert response.device_answered_at == own_time.replace(minute=0, second=0, microsecond=0)


def test_an_instant_without_a_zone_is_a_mistake_of_ours_and_nothing_is_stored(database: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        statuses(submission(), submission(answered_at=WHEN.replace(tzinfo=None)))

    assert stored() == []


def register_device(device: uuid.UUID) -> None:
    from survey.devices.models import Device
    from survey.foundation.database import writing

    with writing() as session:
        session.add(Device(id=device, name="Kiosk", key_digest="x", public_key="x", paired_at=WHEN))


def test_a_detail_rated_1_is_answered_and_one_of_no_opinion_is_not(database: Any) -> None:
    from survey.responses.models import Rating

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
    from survey.questionnaires.catalogue import shipped_questionnaires
    from survey.questionnaires.definition import Definition

    shipped = next(each for each in shipped_questionnaires() if each["key"] == questionnaire)
    return [item.code for item in Definition.parse(shipped["definition"]).items if item.is_detail]


def test_both_subjects_rated_give_a_joint_rating_that_is_satisfied_only_when_both_are(database: Any) -> None:
    from survey.responses.models import Rating

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
    from survey.responses.models import Rating

    statuses(submission(answers={"overall_service": 4, "overall_procedures": 0}))

    assert database.session.scalars(select(Rating.subject)).all() == ["agency_service"]


def test_health_and_education_never_ask_who_answers_so_it_is_an_individual(database: Any) -> None:
    health = {"questionnaire": "health", "counter": "quay-bv-tinh", "service": "kham-benh"}
    statuses(submission(**health, answers={"overall_health": 4}), submission(respondent_kind=None))

    assert {r.sector: r.respondent_kind for r in stored()} == {"health": "individual", "administration": "unknown"}


def test_an_answer_without_a_counter_belongs_to_the_agency_it_names(database: Any) -> None:
    assert statuses(submission(counter=None, agency="ubnd-ea-tam", channel="paper")) == ["stored"]
    assert stored()[0].counter_id is None


def test_control_characters_never_reach_a_comment(database: Any) -> None:
    statuses(submission(comment=" Tốt\x00\x07\nlắm "))

    assert stored()[0].comment == "Tốt\nlắm"


def test_a_failure_between_storing_and_counting_stores_nothing(database: Any) -> None:
    from survey.responses.ingest import receive

    answer = submission()
    with failing_counts(database, "RAISE EXCEPTION 'no count';"), pytest.raises(DatabaseError, match="no count"):
        receive([answer])

    assert stored() == []
    assert statuses(answer) == ["stored"]


def test_the_same_answers_from_many_connections_at_once_are_stored_once(app: Flask) -> None:
    from survey.responses.ingest import receive

    batch = [submission(answers={"overall_service": 1 + n % 5}) for n in range(20)]
    words: list[str] = []

    def send(order: int) -> None:
        with app.app_context():
            words.extend(r.status for r in receive(batch if order % 2 else batch[::-1]))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(words) == {"stored": 20, "duplicate": 100}
    with app.app_context():
        assert len(stored()) == 20
        assert tallies() == recount()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sends=st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 5), st.sampled_from(["quay-ubnd-ea-tam", "quay-so-y-te"])),
        max_size=12,
    )
)
def test_tallies_always_equal_a_recount_of_the_rows(database: Any, sends: list[tuple[int, int, str]]) -> None:
    from survey.responses.models import Response

    run = uuid.uuid4()
    before = database.session.scalar(select(func.count()).select_from(Response))
    for number, value, counter in sends:
        answer = submission(
            id=uuid.uuid5(run, str(number)), answers={"overall_service": value}, counter=counter, service=None
        )
        statuses(answer)

    assert len(stored()) - before == len({number for number, _, _ in sends})
    assert tallies() == recount()


def test_words_may_be_as_long_as_each_field_takes_and_longer_together(database: Any) -> None:
    from survey.foundation.database import writing
    from survey.questionnaires.models import Questionnaire, QuestionnaireVersion

    asked = [{"code": f"words_{n}", "type": "long_text", "text": {"vi": f"Lời {n}"}} for n in range(2)]
    rated = {"code": "overall_service", "type": "rating", "subject": "agency_service", "text": {"vi": "Chung"}}
    with writing() as session:
        session.add(Questionnaire(key="in-words", sector="administration", title="Bằng lời"))
        session.add(
            QuestionnaireVersion(
                questionnaire_key="in-words", version=1, definition={"items": [rated, *asked]}, published_at=WHEN
            )
        )
    answers = {"overall_service": 2, "words_0": "ă" * 1000, "words_1": "ê" * 1000}
    told = submission(questionnaire="in-words", answers=answers, comment="ơ" * 2000)
    assert statuses(told) == ["stored"]
    assert [response.comment for response in stored()] == ["\n".join(("ă" * 1000, "ê" * 1000, "ơ" * 2000))]
    too_long = submission(questionnaire="in-words", answers=answers, comment="ơ" * 2001)
    assert statuses(too_long) == ["invalid"]
