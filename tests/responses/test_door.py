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

from survey.foundation.storage.database import writing
from survey.responses.ingest import receive, store
from survey.responses.models import Response
from tests.responses.handing_in import END_OF_HOUR, WHEN, recount, statuses, stored, submission, tallies
from tests.support.counting import failing_counts

pytestmark = pytest.mark.usefixtures("register")


def test_an_answer_is_stored_with_its_day_and_counted(database: Any) -> None:
    late_evening_in_utc = dt.datetime(2026, 10, 31, 18, 30, tzinfo=dt.UTC)

    assert statuses(submission(answered_at=late_evening_in_utc)) == ["stored"]

    (response,) = stored()
    assert (response.day, response.month) == (dt.date(2026, 11, 1), "2026-11")
    assert response.answered_at == dt.datetime(2026, 10, 31, 18, tzinfo=dt.UTC)  # of a time only the hour is kept
    assert tallies() == recount() != {}


def test_inside_a_callers_transaction_each_answer_counts_once_and_is_gone_with_it(database: Any) -> None:
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


def test_a_failure_between_storing_and_counting_stores_nothing(database: Any) -> None:
    answer = submission()
    with failing_counts(database, "RAISE EXCEPTION 'no count';"), pytest.raises(DatabaseError, match="no count"):
        receive([answer])

    assert stored() == []
    assert statuses(answer) == ["stored"]


def test_the_same_answers_from_many_connections_at_once_are_stored_once(app: Flask) -> None:
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
    from survey.foundation.storage.database import writing
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
