"""While a long file is read and checked nobody waits for it; what changes meanwhile is not overlooked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from threading import Thread
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.channels.paper import response_file
from survey.foundation.clock import UTC
from survey.foundation.storage.database import CACHE, MUCH, writing
from survey.registry.files import service, undoing
from survey.registry.files.caseloads import Caseloads
from survey.registry.models import Agency, Caseload, Counter
from survey.responses import ingest, queries
from survey.responses.ingest import Submission, receive
from survey.responses.models import Response
from tests.registry_files.files import RESPONSES, Import
from tests.registry_files.test_undoing import taken

CHANGED = "agency,service,month,unit,count,overdue\nBV,KHAM,2026-10,visit,2600,\nBV,KHAM,2026-09,visit,2400,\n"


def a_citizen_sends(app: Flask) -> None:
    with app.app_context():
        [receipt] = receive(
            [
                Submission(
                    id=uuid.uuid4(),
                    questionnaire="administration",
                    version=1,
                    counter="Q1",
                    answered_at=dt.datetime(2026, 10, 20, 2, tzinfo=UTC),
                    channel="qr",
                    answers={"overall_service": 4},
                )
            ]
        )
    assert receipt.status == "stored"


def then(work: Callable[..., Any], meanwhile: Callable[[], None]) -> Callable[..., Any]:
    """`work`, and once, before it ends, something that another thread does within some seconds."""
    left = [meanwhile]

    def both(*arguments: Any, **named: Any) -> Any:
        done = work(*arguments, **named)
        if left:
            other = Thread(target=left.pop(), daemon=True)
            other.start()
            other.join(20)  # a writer has patience for 30
            assert not other.is_alive(), "who writes waits for who reads a file"
        return done

    return both


def counted(database: SQLAlchemy, model: type[Any]) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_citizen_is_thanked_while_caseloads_are_checked(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Caseloads, "check", then(Caseloads.check, lambda: a_citizen_sends(app)))
    assert "mới 1, thay đổi 1" in world("caseloads", CHANGED).stdout
    assert counted(database, Response) == 1


def test_a_citizen_is_thanked_while_answers_of_a_file_are_checked(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "check", then(ingest.check, lambda: a_citizen_sends(app)))
    assert "mới 2" in world("responses", RESPONSES).stdout
    assert counted(database, Response) == 3


def test_rows_of_a_file_are_made_before_the_lock_is_taken(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("of SQLite, where one writes at a time")
    monkeypatch.setattr(queries, "rows_of", then(queries.rows_of, lambda: a_citizen_sends(app)))
    made = Mock(wraps=queries.rows_of)
    monkeypatch.setattr(queries, "rows_of", made)
    assert "mới 2" in world("responses", RESPONSES).stdout
    assert counted(database, Response) == 3
    assert made.call_count == 2  # the file's, and the citizen's: none anew under the lock


def test_a_citizen_who_sends_while_a_file_is_written_is_thanked_right_after_it(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    senders: list[Thread] = []

    def sends_meanwhile(*given: Any) -> Any:
        receipts = ingest.store_judged(*given)
        senders.append(Thread(target=a_citizen_sends, args=(app,), daemon=True))
        senders[-1].start()  # on SQLite it waits for the lock, which this thread holds
        return receipts

    monkeypatch.setattr(response_file, "store_judged", sends_meanwhile)
    assert "mới 2" in world("responses", RESPONSES).stdout
    assert senders
    for sender in senders:
        sender.join(20)
    assert counted(database, Response) == 2 + len(senders)


def test_who_writes_much_keeps_more_of_the_file_for_as_long_as_that_takes(app: Flask, database: SQLAlchemy) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("of SQLite")

    def kept(session: Any) -> int:
        return -int(session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one())

    with writing(much=True) as session:
        assert kept(session) == MUCH
    with pytest.raises(ZeroDivisionError), writing(much=True):
        raise ZeroDivisionError
    with writing() as session:
        assert kept(session) == CACHE


def test_a_dry_run_of_answers_keeps_nobody_waiting(app: Flask, world: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.channels.paper.response_file.writing", lambda: pytest.fail("a dry run takes the lock"))
    assert "Nếu nhập: mới 2" in world("responses", RESPONSES, "--dry-run").stdout


def test_caseloads_that_somebody_else_changed_meanwhile_are_compared_again(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_count() -> None:
        with app.app_context(), writing() as session:
            session.scalars(select(Caseload).where(Caseload.unit == "visit")).one().count = 2600

    monkeypatch.setattr(service, "plan", then(service.plan, another_count))
    assert "mới 1, thay đổi 0, giữ nguyên 1" in world("caseloads", CHANGED).stdout


def test_an_agency_that_went_meanwhile_is_missed(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended() -> None:
        with app.app_context(), writing() as session:
            session.scalars(select(Agency).where(Agency.code == "BV")).one().valid_to = dt.date(2026, 8, 31)

    monkeypatch.setattr(service, "plan", then(service.plan, ended))
    result = world("caseloads", CHANGED)
    assert result.exit_code == 2
    assert "Cơ quan BV không hoạt động trong tháng này." in result.stderr


def test_a_counter_that_went_meanwhile_refuses_the_answers_of_a_file(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed() -> None:
        with app.app_context(), writing() as session:
            session.scalars(select(Counter).where(Counter.code == "Q1")).one().code = "Q9"

    monkeypatch.setattr(ingest, "check", then(ingest.check, renamed))
    result = world("responses", RESPONSES)
    assert result.exit_code == 2
    assert "Không có quầy Q1" in result.stderr
    assert counted(database, Response) == 0


def test_an_answer_that_came_in_meanwhile_under_the_same_id_refuses_the_file(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = RESPONSES.replace(",4,5", ",1,1")
    foresee = ingest.foresee

    def stored_first(*arguments: Any) -> Any:
        monkeypatch.undo()
        seen = foresee(*arguments)
        assert world("responses", theirs, name="truoc.csv").exit_code == 0
        return seen

    monkeypatch.setattr("survey.channels.paper.response_file.foresee", stored_first)
    result = world("responses", RESPONSES)
    assert result.exit_code == 2
    assert "Mã này đã có với nội dung khác" in result.stderr
    assert counted(database, Response) == 2


def test_a_citizen_is_thanked_while_it_is_looked_at_whether_an_import_can_be_undone(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = taken(world, "caseloads", CHANGED)
    monkeypatch.setattr(undoing, "unpacked", then(undoing.unpacked, lambda: a_citizen_sends(app)))
    assert world("services", "", "--undo", str(number)).exit_code == 0
    assert counted(database, Response) == 1


def test_what_somebody_changed_meanwhile_is_not_undone(
    app: Flask, database: SQLAlchemy, world: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another_count() -> None:
        with app.app_context(), writing() as session:
            session.scalars(select(Caseload).where(Caseload.count == 2600)).one().count = 2601

    number = taken(world, "caseloads", CHANGED)
    monkeypatch.setattr(undoing, "unpacked", then(undoing.unpacked, another_count))
    result = world("services", "", "--undo", str(number))
    assert (result.exit_code, "đã được sửa sau lần nhập này" in result.stderr) == (2, True)
    assert counted(database, Caseload) == 4
