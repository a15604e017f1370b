"""The demonstration shows feedback in every state, and one single-use code to try."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from survey.demo.tickets import make_demo_tickets
from survey.feedback.kinds import KIND_WORDS
from survey.feedback.models import FeedbackCase, FeedbackPublication
from survey.foundation.clock import today
from survey.foundation.storage.database import db


def test_cases_wait_are_overdue_answered_and_closed(demonstration: Flask) -> None:
    with demonstration.app_context():
        cases = db.session.scalars(select(FeedbackCase)).all()
        states = Counter("overdue" if case.is_overdue(today()) else case.state for case in cases)
        assert all(case.due_on > case.opened_at.date() for case in cases)
    assert states["received"] >= 1
    assert states["overdue"] >= 1
    assert states["answered"] >= 1
    assert states["closed"] >= 1


def test_every_kind_and_every_way_a_case_may_go_is_there(demonstration: Flask) -> None:
    with demonstration.app_context():
        cases = db.session.scalars(select(FeedbackCase)).all()
        assert {case.kind for case in cases} == set(KIND_WORDS)
        assert any(case.redirected for case in cases)
        assert any(case.holder_id not in (None, case.agency_id) for case in cases), "handed over"
        assert any(case.reopened_at and case.waits for case in cases), "reopened"
        assert any(case.was_late for case in cases), "answered late"
        assert any(case.helped for case in cases)
        assert db.session.scalars(select(FeedbackPublication.published_on)).all()[0] is not None
    page = demonstration.test_client().get("/results/dak-lak/replies/").text
    assert "Người già phải đứng ngoài cửa" in page


def test_one_code_of_the_batch_is_printed_and_opens_the_form(
    demonstration: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with demonstration.app_context():
        make_demo_tickets()
    printed = re.search(r"Form by one-time code .*(/t/\S+)", capsys.readouterr().out)
    assert printed
    assert demonstration.test_client().get(printed[1]).status_code == 200
