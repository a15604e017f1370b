"""A file too long for a request is worked on by a process of its own: shown, given up, begun again, taken in whole."""

from __future__ import annotations

import datetime as dt
import time
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now
from survey.foundation.commands import behind
from survey.foundation.commands.behind import GivenUp, teller
from survey.foundation.storage.database import writing
from survey.registry.files.models import ImportDraft, ImportRun
from survey.registry.models import Service
from survey.registry_pages.imports.drafts import note
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.registry_files.files import Import
from tests.registry_files.test_pages import upload
from tests.support.staff import signed_in

LINES = 4000
LONG = "code,name,sector,field\n" + "".join(f"DAI-{n},Dịch vụ dài số {n},health,Khám bệnh\n" for n in range(LINES))


@pytest.fixture
def administrator(app: Flask, world: Import) -> FlaskClient:
    """May change everything in Đắk Lắk."""
    return signed_in(app, "quan-tri", "administrator")


def when_done(client: FlaskClient, page: str) -> None:
    """Wait, as the page's script does, until the process is done."""
    for _ in range(300):
        if not client.get(f"{page}/progress").get_json()["runs"]:
            return
        time.sleep(0.2)
    raise AssertionError("the process never came to an end")


def services(database: SQLAlchemy) -> int:
    """How many long-listed services are stored."""
    database.session.rollback()
    return int(database.session.scalar(select(func.count()).where(Service.code.startswith("DAI-"))) or 0)


def begun_and_silent(monkeypatch: pytest.MonkeyPatch, client: FlaskClient, content: str = LONG) -> str:
    """The page of a long file whose process is gone before it came to work, which is known at once."""
    monkeypatch.setattr(behind, "COMMAND", ("-c", "raise SystemExit(9)"))
    page = upload(client, "services", content).headers["Location"]
    when_done(client, page)
    return page


def test_a_long_file_is_checked_and_taken_in_behind_the_page(administrator: FlaskClient, database: SQLAlchemy) -> None:
    page = upload(administrator, "services", LONG).headers["Location"]
    assert "Tệp dài nên được xử lý ở phía sau" in text_of(administrator.get(page).text)
    when_done(administrator, page)
    assert "4.000 mục mới, 0 mục thay đổi, 0 mục giữ nguyên. Chưa ghi gì." in text_of(administrator.get(page).text)
    assert services(database) == 0
    submit(administrator, page, "discard")  # the button beside it: takes the file in
    when_done(administrator, page)
    after = administrator.get(page, follow_redirects=True)
    assert "tep.csv: đã nhập: mới 4.000, thay đổi 0, giữ nguyên 0." in text_of(after.text)
    assert "Hoàn tác lần nhập" in text_of(after.text)
    assert services(database) == LINES
    entry = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.object_id) == ("import", "tep.csv")
    assert entry.user_id == database.session.scalar(select(ImportRun.user_id).order_by(ImportRun.id.desc()))
    assert database.session.scalar(select(func.count()).select_from(ImportDraft)) == 0


@pytest.mark.one_database
def test_a_process_that_ended_without_a_word_is_named_and_the_file_looked_at_again(
    administrator: FlaskClient, database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begun_and_silent(monkeypatch, administrator, LONG + "SAI,Dịch vụ sai,nobody,Khám bệnh\n")
    assert "Việc xử lý tệp bị ngắt giữa chừng" in text_of(administrator.get(page).text)
    monkeypatch.undo()
    fields = fields_of(open_page(administrator, page), "csrf_token")
    administrator.post(f"{page}/given", data=fields)
    when_done(administrator, page)
    refused = administrator.get(page)
    assert refused.status_code == 422
    assert f"{LINES + 2} Ngành nobody" in text_of(refused.text)
    assert services(database) == 0


def test_where_the_server_is_gone_too_the_missing_beats_tell_it(
    administrator: FlaskClient, database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begun_and_silent(monkeypatch, administrator)
    for minutes, runs in ((1, True), (3, False)):
        with writing() as session:
            draft = session.get_one(ImportDraft, uuid.UUID(page.rpartition("/")[2]))
            draft.beat_at = now() - dt.timedelta(minutes=minutes)
        assert administrator.get(f"{page}/progress").get_json()["runs"] is runs


@pytest.mark.one_database
def test_what_a_long_file_lacks_is_answered_and_the_file_looked_at_again_at_once(administrator: FlaskClient) -> None:
    notes = "x" * 15_000
    lines = "".join(f"EA-MOI,KHAI-SINH,T{n},dossier,{n},{notes}\n" for n in range(1, 10))
    page = upload(administrator, "caseloads", "agency,service,month,unit,count,Ghi chú\n" + lines).headers["Location"]
    when_done(administrator, page)
    answers = fields_of(open_page(administrator, page), "year") | {"year": "2026"}
    administrator.post(f"{page}/given", data=answers)
    when_done(administrator, page)
    assert "9 mục mới, 0 mục thay đổi, 0 mục giữ nguyên." in text_of(administrator.get(page).text)


def test_what_was_given_up_while_it_was_checked_ends_the_process(
    administrator: FlaskClient, database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begun_and_silent(monkeypatch, administrator)
    submit(administrator, page, "discard", discard="1")
    with pytest.raises(GivenUp):
        teller(note, uuid.UUID(page.rpartition("/")[2]))("đọc", 1, 2)
