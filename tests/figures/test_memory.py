"""What a process remembers: the things used last, as many as fit, and never in another language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import delete, update

from analysis.figures import service
from analysis.figures.cache import MEMORY
from analysis.figures.case_queries import CaseScope
from analysis.figures.dossier_queries import fetch_dossiers
from analysis.figures.query import FigureQuery
from analysis.figures.rating_queries import RatingScope
from analysis.figures.register import fetch_agencies, fetch_province
from analysis.figures.service import answer
from analysis.figures.store.counts import fetch_agency_counts, fetch_value_counts
from analysis.statistics import Threshold
from analysis.targets.on_time_queries import OnTimeScope, fetch_on_time, summed
from analysis.targets.service import judged
from survey.foundation.caching.weighted_lru import State, WeightedLru, forget_everything, kept_by_all
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT, SECTORS, SUBJECTS
from survey.registry.models import Agency, Caseload
from survey.responses.models import Rating
from tests.desk import world

pytestmark = pytest.mark.one_database


def test_a_thing_is_worked_out_once() -> None:
    memory: WeightedLru[list[int]] = WeightedLru(10, len)
    first = memory.get("key", lambda: [1])
    assert memory.get("key", lambda: [2]) is first


def test_what_was_not_used_longest_makes_room_for_what_is_new() -> None:
    memory: WeightedLru[list[int]] = WeightedLru(4, len)
    for name in ("a", "b"):
        memory.get(name, lambda: [0, 0])
    memory.get("a", lambda: [1, 1])
    memory.get("c", lambda: [0, 0])
    assert memory.get("a", lambda: [2, 2]) == [0, 0]
    assert memory.get("b", lambda: [2, 2]) == [2, 2]


def test_of_several_only_what_is_not_at_hand_is_worked_out_and_at_once() -> None:
    memory: WeightedLru[str] = WeightedLru(10, len)
    memory.get(State("b", 1), lambda: "kept")
    asked: list[list[int]] = []

    def work_out(places: Sequence[int]) -> list[str]:
        asked.append(list(places))
        return [f"new {place}" for place in places]

    states = [State("a", 1), State("b", 1), None]
    for times in (1, 2):
        assert memory.get_all(states, work_out) == ["new 0", "kept", "new 2"], times
    assert asked == [[0, 2], [2]], "what stands for nothing lasting is never kept"


def test_a_version_takes_the_place_of_the_one_before() -> None:
    memory: WeightedLru[str] = WeightedLru(10, len)
    memory.get(State("a", 1), lambda: "old")
    memory.get(State("b", 1), lambda: "kept")
    assert memory.get(State("a", 2), lambda: "new") == "new"
    assert (len(memory), memory.weight) == (2, 7)
    assert memory.get(State("b", 1), lambda: "again") == "kept"
    assert memory.get(State("a", 1), lambda: "past") == "past"


def test_a_place_that_had_no_room_is_taken_again() -> None:
    memory: WeightedLru[str] = WeightedLru(3, len)
    memory.get(State("a", 1), lambda: "long")
    assert len(memory) == 0
    assert memory.get(State("a", 2), lambda: "new") == "new"
    assert len(memory) == 1


def test_what_would_never_fit_is_given_and_not_kept() -> None:
    memory: WeightedLru[list[int]] = WeightedLru(2, len)
    assert memory.get("large", lambda: [0] * 3) == [0] * 3
    assert memory.get("large", lambda: [1]) == [1]


def test_nothing_is_remembered_of_a_failure() -> None:
    memory: WeightedLru[int] = WeightedLru(2, lambda _: 1)
    for _ in range(2):
        try:
            memory.get("key", lambda: 1 // 0)
        except ZeroDivisionError:
            continue
        raise AssertionError
    assert memory.get("key", lambda: 7) == 7


def test_figures_are_not_worked_out_again_while_nothing_has_changed(small_world: Flask) -> None:
    question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"))
    with small_world.app_context():
        first = answer(question)
        assert answer(question) is first
    with small_world.app_context():
        assert answer(question) is first
        world.answer("ubnd-ea-tam", "ho-tich", "2026-10-05", 1, 5)  # says nothing of health
        assert answer(question) is first
        world.answer("bv-tinh", "kham-benh", "2026-10-05", 1, 5)
        assert answer(question).total.answers == (first.total.answers or 0) + 1


def test_figures_are_worked_out_once_whatever_level_they_are_held_to_and_however_everyone_is_named(
    small_world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[FigureQuery] = []
    prepare = service.prepare
    monkeypatch.setattr(service, "prepare", lambda question: worked_out.append(question) or prepare(question))
    with small_world.app_context():
        forget_everything()
        clauses = [row for row in judged("dak-lak", 2026) if row.in_year.target.subject == "agency_service"]
        whole = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026"))
        assert clauses[0].in_year.target.takes_unknown
        for by in (None, "service", "channel"):
            for threshold in (clauses[0].in_year.threshold, Threshold(">", Fraction(1, 2)), None):
                answer(replace(whole, by=by), threshold)
    once = [question for question in worked_out if question.subject == "agency_service" and not question.services]
    assert len(once) == len({replace(question, respondent_kinds=None) for question in once})
    assert {question.by for question in once} == {None, "service", "channel"}


def test_figures_of_a_state_that_has_passed_take_no_room(small_world: Flask) -> None:
    question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"))
    with small_world.app_context():
        MEMORY.forget()
        answer(question)
        kept = MEMORY.weight
        for day in range(5, 9):
            world.answer("bv-tinh", "kham-benh", f"2026-10-{day:02d}", 1, 5)
            answer(question)
        assert MEMORY.weight == kept > 0


def test_inside_a_transaction_that_writes_nothing_is_remembered(small_world: Flask) -> None:
    from survey.foundation.storage.database import writing

    question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026-10"))
    with small_world.app_context():
        before = answer(question)
        with writing():
            assert answer(question) is not before


def test_counts_read_inside_a_transaction_that_writes_are_not_those_of_the_next_reader(small_world: Flask) -> None:
    from survey.foundation.storage.database import db, writing

    with small_world.app_context():
        province = fetch_province("dak-lak").id
        october = RatingScope(province_id=province, subject="health_service", months=("2026-10",))
        before = sum(fetch_value_counts(october).values())
        with writing() as session:
            statement = delete(Rating).where(Rating.province_id == province, Rating.subject == "health_service")
            for value in (2, 5):  # the first change, a look at what it leaves, and another change
                assert session.execute(statement.where(Rating.value == value)).rowcount
                assert all(count.state is None for count in fetch_agency_counts(october))
                assert sum(fetch_value_counts(october).values()) < before
        db.session.rollback()
        assert fetch_value_counts(october) == {}


def test_sums_of_caseloads_and_names_are_those_of_the_moment(small_world: Flask) -> None:
    """Remembered while caseloads and register stand: a change shows at once, and one that is undone shows nothing."""
    from survey.foundation.storage.database import db, writing

    def told() -> tuple[int, int, int, set[str]]:
        months = ("2026-09", "2026-10")
        province = fetch_province("dak-lak").id
        case_scope = CaseScope(province, tuple(SECTORS), dt.date(2026, 9, 1), dt.date(2026, 10, 31))
        on_time = summed(fetch_on_time(OnTimeScope(province, months, tuple(SECTORS))))
        dossiers = fetch_dossiers(case_scope, months)
        return on_time.dossiers, on_time.overdue, dossiers.handled, {row.name for row in fetch_agencies(province)}

    with small_world.app_context():
        dossiers, late, handled, names = told()
        with writing() as session:
            session.execute(update(Caseload).where(Caseload.month == "2026-10").values(overdue=1))
            of_transaction = told()
            assert of_transaction[1] != late
        assert told() == of_transaction
        with suppress(ZeroDivisionError), writing() as session:
            session.execute(update(Caseload).values(count=Caseload.count + 7))
            session.execute(update(Agency).values(name="khác"))
            assert told()[2] > handled
            raise ZeroDivisionError
        assert told() == of_transaction
        with writing() as session:
            session.execute(update(Agency).values(name="khác"))
            session.execute(delete(Caseload).where(Caseload.month == "2026-09"))
        db.session.rollback()
        assert told()[2] < handled
        assert told()[3] == {"khác"} != names
        assert told()[0] != dossiers


def test_notes_and_labels_are_in_the_language_of_who_asks(small_world: Flask) -> None:
    question = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026-10"), by="channel")
    labels = []
    for locale in ("vi", "en", "vi"):
        with small_world.test_request_context(), force_locale(locale):
            labels.append(answer(question)["qr"].label)
    assert labels == ["Mã QR", "QR code", "Mã QR"]


def test_a_process_keeps_no_more_however_often_answers_come(small_world: Flask) -> None:
    question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse("2026"), by="service")
    kept = []
    for day in range(1, 7):
        with small_world.app_context():
            world.answer("bv-tinh", "kham-benh", f"2026-10-{day:02}", 1, 5)
            answer(question)
            kept.append(kept_by_all())
    assert kept[0] > 0
    assert kept[1:] == kept[:1] * 5


@pytest.mark.parametrize("by", [None, "month", "year"])
@pytest.mark.parametrize("subject", sorted(SUBJECTS))
def test_an_answer_more_is_in_every_subject_it_rates(small_world: Flask, subject: str, by: str | None) -> None:
    """Also in the mean of two sectors, which has no ratings of its own, month by month."""
    question = FigureQuery(province="dak-lak", subject=subject, period=Period.parse("2026"), by=by)
    with small_world.app_context():
        for agency, service in world.CASELOADS:
            before = sum(figure.received or 0 for figure in answer(question).figures)
            world.answer(agency, service, "2026-10-12", 1, 5)
            more = sum(figure.received or 0 for figure in answer(question).figures) - before
            sector = SECTOR_OF_SUBJECT[subject]
            assert more == (world.SERVICES[service][1] in ({sector} if sector else {"health", "education"})), service
