"""A thief of a backup saw a citizen at a counter at 10:17:33 and looks for what came then: only the hour is stored."""

from __future__ import annotations

import datetime as dt
import re
import uuid
import zipfile
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.responses.ingest import receive
from survey.responses.models import RatingMark, Response
from survey.responses.submission import Submission
from tests.channels.conftest import Visitor
from tests.channels.world import MANY, make_world
from tests.support.worlds import stored_world

database_url = stored_world("counters_of_every_kind", make_world, "answered")
SEEN = dt.datetime(2026, 11, 20, 3, 17, 33, 456789, tzinfo=dt.UTC)
MINUTE = re.compile(r"\b\d\d:17:\d\d")


@pytest.fixture
def answered(app: Flask) -> Flask:
    """One answer from a phone, with a comment to be answered, and one a kiosk gave back after its clock was mended."""
    with time_machine.travel(SEEN, tick=False):
        citizen = Visitor(app.test_client(), MANY)
        citizen.send(citizen.open(), overall_service="1", comment="Chờ lâu", reply="1")
        with app.app_context():
            kiosk = Submission(
                id=uuid.uuid4(),
                questionnaire="administration",
                version=1,
                counter=MANY,
                answered_at=SEEN - dt.timedelta(hours=2),
                device_answered_at=SEEN - dt.timedelta(days=900),
                channel="kiosk",
                answers={"overall_service": 4},
            )
            assert [receipt.status for receipt in receive([kiosk])] == ["stored"]
    return app


def test_a_backup_holds_no_minute_of_any_answer(answered: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    with time_machine.travel(SEEN + dt.timedelta(days=1, minutes=5)):
        assert runner.invoke(args=["survey", "backup", str(tmp_path / "all.zip")]).exit_code == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        tables = {name: archive.read(name).decode() for name in archive.namelist()}
    assert tables["tables/responses.jsonl"].count("\n") == 2
    assert tables["tables/feedback_cases.jsonl"].count("\n") == 1
    assert {name: MINUTE.findall(text) for name, text in tables.items() if MINUTE.search(text)} == {}


def test_rows_lie_in_no_order_of_time(answered: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    """Ids are random, and files of a backup are in the order of ids."""
    with answered.app_context():
        ids = list(db.session.scalars(select(Response.id)))
    assert {id_.version for id_ in ids} == {4}, "an id of version 1, 6 or 7 tells when it was made"
    assert runner.invoke(args=["survey", "backup", str(tmp_path / "all.zip")]).exit_code == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        rows = archive.read("tables/responses.jsonl").decode().splitlines()
    stored = [re.search(r"[0-9a-f-]{36}", row) for row in rows]
    assert [id_[0] for id_ in stored if id_] == sorted(map(str, ids))


def test_what_is_received_in_the_hour_of_a_closing_is_late_only_after_it(answered: Flask) -> None:
    """The hour is enough to tell late answers: the closing itself says what it already held."""
    from analysis.periods.late import late_answers
    from analysis.results.closing.service import close_period
    from survey.foundation.periods import Period

    month, closing = Period.parse("2026-11"), dt.datetime(2026, 12, 5, 2, 20, tzinfo=dt.UTC)

    def send(at: dt.datetime) -> None:
        answer = Submission(
            id=uuid.uuid4(),
            questionnaire="administration",
            version=1,
            counter=MANY,
            answered_at=SEEN,
            channel="kiosk",
            answers={"overall_service": 5},
        )
        assert [receipt.status for receipt in receive([answer], received_at=at)] == ["stored"]

    with answered.app_context():
        send(closing - dt.timedelta(minutes=10))
        with time_machine.travel(closing, tick=False):
            close_period("dak-lak", month)
        send(closing + dt.timedelta(minutes=10))
        province_id = db.session.scalars(select(Response.province_id)).first()
        (late,) = late_answers(province_id or 0, month)
        assert late.answers == 1
        assert db.session.scalar(select(RatingMark.latest).order_by(RatingMark.latest.desc())) is not None
