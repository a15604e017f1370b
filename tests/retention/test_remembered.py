"""What was erased by order stays erased: sent again by whoever still holds it, or brought back by a backup."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from analysis.desk.kept.models import KeptSelection
from kiosk import pairing
from survey.accounts.administration import switch_active
from survey.accounts.models import RoleGrant, StaffSession, User
from survey.foundation.caching.register import known_register
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now
from survey.foundation.storage.database import db
from survey.responses import ingest
from survey.responses.ingest import receive, receive_under
from survey.responses.models import ErasedAnswer, Response
from survey.retention.service import erase
from tests.channels.world import MANY
from tests.kiosk.conftest import answer
from tests.retention.test_erasing import counts, database_url, give, tallied, world
from tests.support.staff import signed_in

__all__ = ["database_url", "world"]


def erased(runner: FlaskCliRunner, id_: object) -> None:
    result = runner.invoke(args=["survey", "erase", "--response", str(id_), "--reason", "Theo đơn"])
    assert result.exit_code == 0, result.output


def test_an_erased_answer_sent_again_is_thanked_and_not_stored(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    gone, kept = give(), give(value=5)
    erased(runner, gone.id)
    assert [receipt.status for receipt in receive([gone, kept])] == ["duplicate", "duplicate"]
    assert counts(database)[0] == 1
    assert tallied(database) == {5: 1}
    marks = database.session.scalars(select(ErasedAnswer.mark)).all()
    assert len(marks) == 1
    assert str(gone.id).replace("-", "") not in str(marks).replace("-", "")


def test_a_kiosk_that_sends_it_again_hears_duplicate_and_drops_it(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    device = pairing.pair(pairing.issue_code(MANY))
    client: FlaskClient = world.test_client()
    given = answer(counter=MANY, questionnaire="administration")

    def statuses(*answers: object) -> list[str]:
        headers = {"Authorization": f"Bearer {device.key}"}
        said = client.post("/kiosk/api/responses", json={"responses": list(answers)}, headers=headers)
        return [result["status"] for result in said.get_json()["results"]]

    assert statuses(given) == ["stored"]
    erased(runner, given["id"])
    assert statuses(given) == ["duplicate"]
    assert statuses(given | {"answers": {"overall_service": 1}}) == ["duplicate"]
    assert statuses(given | {"counter": "la"}) == ["duplicate"]  # even if it would be refused today
    assert counts(database)[0] == 0


def test_an_answer_on_its_way_while_it_is_erased_does_not_slip_in_behind(
    world: Flask, database: SQLAlchemy, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = give()
    register = known_register(max_age=0)
    judged = ingest._judge

    def erased_meanwhile(*arguments: object) -> object:
        verdicts = judged(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(ingest, "_judge", judged)
        db.session.rollback()
        erase(gone.id, "Theo đơn")
        return verdicts

    monkeypatch.setattr(ingest, "_judge", erased_meanwhile)
    with pytest.raises(ingest.RegisterChanged):
        receive_under(register, [gone])
    assert [receipt.status for receipt in receive([gone])] == ["duplicate"]
    assert counts(database)[0] == 0


def test_marks_made_under_an_earlier_key_still_count(world: Flask, database: SQLAlchemy) -> None:
    gone = give()
    erase(gone.id, "Theo đơn")
    key = world.config["SECRET_KEY"]
    world.config.update(SECRET_KEY="another key entirely, of good length", SECRET_KEY_FALLBACKS=[key])
    assert [receipt.status for receipt in receive([gone])] == ["duplicate"]
    world.config["SECRET_KEY_FALLBACKS"] = []
    assert [receipt.status for receipt in receive([gone])] == ["stored"]  # and without any key nothing is told


def test_restoring_a_backup_of_before_erases_again_what_was_erased_since(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    early, late, kept = give(), give(value=3), give(value=5)
    erased(runner, early.id)
    backup = str(tmp_path / "before.zip")
    assert runner.invoke(args=["survey", "backup", backup]).exit_code == 0
    erased(runner, late.id)
    database.session.rollback()
    for _time in range(2):  # restored once more, it is no different
        result = runner.invoke(args=["survey", "restore", "--force", backup])
        assert result.exit_code == 0, result.output
        assert "Đã xóa lại 1 phiếu, phản ánh từng xóa theo yêu cầu." in result.output
        database.session.rollback()
        assert database.session.scalars(select(Response.id)).all() == [kept.id]
        assert tallied(database) == {5: 1}
    assert [receipt.status for receipt in receive([early, late])] == ["duplicate", "duplicate"]
    again = select(AuditEntry).where(AuditEntry.action == "erase_responses", AuditEntry.object_id == "restore")
    assert [entry.after for entry in database.session.scalars(again)] == [{"count": 1, "note": "before.zip"}]


def test_without_the_servers_key_nothing_erased_is_restored(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    gone, backup = give(), str(tmp_path / "before.zip")
    assert runner.invoke(args=["survey", "backup", backup]).exit_code == 0
    erased(runner, gone.id)
    database.session.rollback()
    world.config["HAS_PASSING_KEY"] = True
    refused = runner.invoke(args=["survey", "restore", "--force", backup])
    assert refused.exit_code == 2
    assert "SECRET_KEY" in refused.stderr
    assert counts(database)[0] == 0


def test_an_account_is_emptied_two_years_after_it_was_switched_off_and_keeps_its_number(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    signed_in(world, "quan-tri", "administrator")
    signed_in(world, "nghi-viec", "officer")
    signed_in(world, "dang-lam", "officer")

    def account(name: str) -> User:
        database.session.rollback()
        user: User = database.session.scalars(select(User).where(User.username == name)).one()
        return user

    leaver = account("nghi-viec").id
    province_id = account("nghi-viec").grants[0].province_id
    kept = {"name": "Tháng trước", "address": "/desk/dak-lak/health/explore"}
    for user_id in (leaver, account("dang-lam").id):
        database.session.add(KeptSelection(user_id=user_id, **kept))
    database.session.commit()
    switch_active(leaver, province_id, account("quan-tri"), on=False)
    entries = database.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    with time_machine.travel(now() + dt.timedelta(days=729), tick=False):
        runner.invoke(args=["survey", "retention"])
    assert account("nghi-viec").id == leaver
    with time_machine.travel(now() + dt.timedelta(days=731), tick=False):
        told = runner.invoke(args=["survey", "retention", "--format", "json"])
        assert '"accounts": 1' in told.output
        assert '"accounts": 0' in runner.invoke(args=["survey", "retention", "--format", "json"]).output
    emptied = account(f"#{leaver}")
    assert (emptied.id, emptied.name, emptied.email, emptied.password_hash) == (leaver, f"#{leaver}", "", "")
    assert set(database.session.scalars(select(KeptSelection.user_id))) == {account("dang-lam").id}
    for table in (RoleGrant, StaffSession):
        left = select(func.count()).select_from(table).where(table.user_id == leaver)
        assert database.session.scalar(left) == 0
    assert account("dang-lam").active
    assert (database.session.scalar(select(func.count()).select_from(AuditEntry)) or 0) > entries  # none is dropped
