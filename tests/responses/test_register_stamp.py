"""Every change to what counters are and ask changes the register's stamp, whatever made it; nothing else does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, inspect, select, text, update

from survey.devices.models import Device
from survey.foundation.caching.register import RegisterStamp, current_register, known_register
from survey.foundation.clock import now
from survey.foundation.identifiers import new_id
from survey.foundation.installation_flags import Fact
from survey.foundation.storage.database import db, writing
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Caseload, Counter, Service, counter_services

pytestmark = pytest.mark.usefixtures("register")

WATCHED = {
    "agencies", "services", "counters", "counter_services", "caseloads", "questionnaires", "questionnaire_versions",
    "facts", "devices", "device_assignments",
}  # fmt: skip


def stamp() -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.sum(RegisterStamp.stamp))) or 0)


def add_device() -> None:
    with writing() as session:
        session.add(Device(id=new_id(), name="K", key_digest=str(new_id()), paired_at=now(), status={}))


def execute(statement: object) -> None:
    with writing() as session:
        session.execute(statement)  # type: ignore[call-overload]


CHANGES: dict[str, Callable[[], object]] = {
    "a counter renamed": lambda: execute(update(Counter).values(name="Quầy mới")),
    "a service renamed by hand": lambda: execute(text("UPDATE services SET name = 'Tên mới'")),
    "an agency ended": lambda: execute(update(Agency).values(valid_to=now().date())),
    "a service taken from its counters": lambda: execute(delete(counter_services)),
    "caseloads deleted": lambda: execute(delete(Caseload)),
    "a fact": lambda: execute(insert(Fact).values(key="demo", value=True)),
    "a questionnaire": lambda: execute(update(Questionnaire).values(title="Tên mới")),
    "a version": lambda: execute(update(QuestionnaireVersion).values(published_at=now())),
    "a device": add_device,
}
NO_CHANGES: dict[str, Callable[[], object]] = {
    "other counts of cases": lambda: execute(update(Caseload).values(count=7)),
    "a device heard of": lambda: execute(update(Device).values(last_contact_at=now())),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_register_changes_its_stamp(app: Flask, change: Callable[[], object]) -> None:
    with app.app_context():
        add_caseload()
        before = stamp()
        change()
        assert stamp() != before


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES)
def test_what_a_form_does_not_show_changes_nothing(app: Flask, change: Callable[[], object]) -> None:
    with app.app_context():
        add_caseload()
        add_device()
        before = stamp()
        change()
        assert stamp() == before


def test_every_table_of_the_register_is_watched(app: Flask) -> None:
    """A migration that rebuilds a table on SQLite loses its triggers."""
    sqlite = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    with app.app_context():
        kind = db.engine.dialect.name
        rows = db.session.execute(text(sqlite if kind == "sqlite" else postgresql)).all()
        assert inspect(db.engine).get_table_names()
    events = {"insert", "update", "delete"} | ({"truncate"} if kind == "postgresql" else set())
    expected = {(table, f"{table}_register_{event}") for table in WATCHED for event in events}
    assert expected <= {tuple(row) for row in rows}


def test_two_changes_at_once_do_not_wait_for_each_other_and_both_are_seen(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time")
        before = stamp()
        with db.engine.begin() as first:
            first.execute(update(Counter).values(name="Một"))
            other = threading.Thread(target=lambda: rename_a_service(app))
            other.start()
            other.join(timeout=60)
            assert not other.is_alive()
            between = stamp()
            assert between != before
        assert stamp() not in (before, between)


def test_what_a_transaction_sees_of_itself_is_not_remembered(app: Flask) -> None:
    with app.app_context():
        before = known_register()
        with suppress(ZeroDivisionError), writing() as session:
            session.execute(update(Counter).values(name="Sẽ mất"))
            assert current_register(session).stamp != before.stamp
            raise ZeroDivisionError
        assert known_register(max_age=0) is before


def rename_a_service(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as second:
        second.execute(update(Service).values(name="Hai"))


def add_caseload() -> None:
    agency, service = db.session.scalar(select(func.min(Agency.id))), db.session.scalar(select(func.min(Service.id)))
    with writing() as session:
        session.execute(delete(Caseload))
        session.add(Caseload(agency_id=agency, service_id=service, month="2026-10", unit="dossier", count=5))
