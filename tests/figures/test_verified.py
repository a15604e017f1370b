"""How many answers were one a dossier, and how many of those drawn to be called answered, stands beside a figure."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from analysis.statistics.cells.ratio import Method
from survey.accounts.models import User
from survey.channels.phone.models import PhoneContact, PhoneList
from survey.foundation.storage.database import db, writing
from survey.questionnaires.models import QuestionnaireVersion
from survey.registry.models import Agency, Counter
from tests.desk import world
from tests.figures.test_figures import ask


@pytest.fixture
def asked(small_world: Flask) -> Flask:
    return small_world


def answers(count: int, channel: str, day: str = "2026-10-12") -> None:
    ratings = {"overall_service": 5, "overall_procedures": 5}
    world.answer("ubnd-ea-tam", "ho-tich", day, count, 5, answers=ratings, channel=channel)


def verified(**more: object) -> list[str]:
    notes = ask("agency_service", **more).notes
    return [note.message.rpartition(": ")[2] for note in notes if note.code == "verified"]


def test_their_number_and_share_of_all_that_came_are_told(asked: Flask) -> None:
    with asked.app_context():
        assert verified() == []  # 90 answers, all by the counter's own code
        answers(10, "ticket", "2026-10-13")
        told = ["10 phiếu (10,0 %)."]
        assert verified() == told
        assert verified(by="channel") == verified(by="agency") == told
        assert verified(languages=frozenset({"vi"})) == told
        assert verified(method=Method.ALL_ITEMS) == told
        assert verified(channels=frozenset({"ticket"})) == ["10 phiếu (100,0 %)."]
        assert verified(channels=frozenset({"qr"})) == []


def test_fewer_than_five_are_not_counted_out(asked: Flask) -> None:
    with asked.app_context():
        answers(4, "ticket", "2026-10-13")
        assert verified() == ["dưới 5 phiếu."]


def interviewed(**more: object) -> list[str]:
    notes = ask("agency_service", **more).notes
    return [note.message.rpartition(": ")[2] for note in notes if note.code == "interviews"]


def make_list(outcomes: dict[str, int], made_on: dt.date) -> None:
    with writing() as session:
        counter = session.scalars(select(Counter.id).where(Counter.code == "quay-ubnd-ea-tam")).one()
        version = session.scalars(
            select(QuestionnaireVersion.id).where(QuestionnaireVersion.questionnaire_key == "administration")
        ).first()
        user = User(username=f"goi-{made_on}", name="Người gọi", password_hash="")
        session.add(user)
        session.flush()
        drawn = sum(outcomes.values())
        days = {"made_on": made_on, "last_day": made_on + dt.timedelta(days=9), "listed": drawn, "drawn": drawn}
        asked = {"counter_id": counter, "questionnaire_version_id": version, "language": "vi"}
        calls = PhoneList(**days, **asked, made_by_id=user.id)
        session.add(calls)
        session.flush()
        ended = [outcome for outcome, count in outcomes.items() for _ in range(count)]
        session.add_all([PhoneContact(list_id=calls.id, place=n, outcome=outcome) for n, outcome in enumerate(ended)])


def test_the_response_rate_of_interviews_is_told_beside_the_figures_they_are_in(asked: Flask) -> None:
    with asked.app_context():
        make_list({"answered": 8, "refused": 4, "no_answer": 6, "wrong_number": 2}, dt.date(2026, 10, 5))
        make_list({"answered": 50}, dt.date(2026, 9, 30))
        assert interviewed() == []  # nobody's answer came by telephone
        answers(8, "phone")
        told = ["8 trong 20 người được rút trả lời (40,0 %)."]
        assert interviewed() == interviewed(by="agency") == told
        with_commune = frozenset(db.session.scalars(select(Agency.id).where(Agency.code == "ubnd-ea-tam")))
        assert interviewed(agencies=with_commune) == told
        assert interviewed(channels=frozenset({"qr"})) == []
