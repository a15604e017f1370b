"""Every change at the desk and from the command line leaves what was before and what is after, and no secret."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.accounts.audit_log.fields import UNSEEN
from survey.accounts.audit_log.objects import audited_kinds
from survey.accounts.audit_log.words import FIELD_WORDS
from survey.accounts.words import ACTION_WORDS
from survey.foundation.access import access_of
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import db
from tests.guards.addresses import addresses
from tests.guards.changes.desk import Desk
from tests.guards.changes.every import CHANGES, known_secrets
from tests.guards.commands import COMMANDS, OWN_RECORD, own_commands
from tests.guards.places import make_places
from tests.guards.source import modules
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

SHOWN_ONCE = re.compile(r"<(?:code|strong|p)[^>]*>\s*([A-Z0-9]{4}[ -]?[A-Z0-9]{4}(?:-[A-Z0-9]{4})?|\d{6})\s*</")


def nameless(app: Flask, entries: list[AuditEntry]) -> set[str]:
    """Actions, kinds of objects and fields that the log's page would show as bare codes."""
    with app.app_context():
        kinds = audited_kinds()
    fields = {name for entry in entries for values in (entry.before, entry.after) for name in names_in(values)}
    return (
        {entry.action for entry in entries} - ACTION_WORDS.keys()
        | {entry.object_type for entry in entries} - kinds.keys()
        | fields - FIELD_WORDS.keys() - UNSEEN
    )


def names_in(value: object) -> Iterator[str]:
    """The names of all fields, also of those inside records and definitions."""
    if isinstance(value, dict):
        yield from value
        yield from (name for item in value.values() for name in names_in(item))
    elif isinstance(value, list):
        yield from (name for item in value for name in names_in(item))


@pytest.fixture
def desk(demonstration: Flask) -> Desk:
    demonstration.config["WTF_CSRF_CHECK_DEFAULT"] = False
    places = make_places(demonstration)
    client = signed_in(demonstration, "nguoi-sua", "administrator")
    return Desk(demonstration, client, places["own"], places["neighbour"])


def last_entry(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.max(AuditEntry.id))) or 0


def entries_since(app: Flask, last: int) -> list[AuditEntry]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.id > last)))


def faults(endpoint: str, entries: list[AuditEntry], *, by_hand: bool = True) -> Iterator[str]:
    """What is wrong with the trace of one change; `by_hand`: somebody signed in made it."""
    told = [entry for entry in entries if entry.action != "sign_in"]
    if not told:
        yield f"{endpoint}: no entry"
    if told and all((entry.before or {}) == (entry.after or {}) for entry in told):
        yield f"{endpoint}: what was before is what is after: {told[0].before} {told[0].after}"
    wrong = "nobody did it" if by_hand else "somebody signed in did it"
    yield from (f"{endpoint}: {wrong}" for entry in told if (entry.user_id is None) == by_hand)


def shown_secrets(text: str) -> set[str]:
    """Codes and passwords that a page shows this once; the codes of tickets are a file's first column."""
    codes = {line.split(",")[0] for line in text.splitlines()[1:]} if not text.lstrip().startswith("<") else set()
    return {secret for secret in (*SHOWN_ONCE.findall(text), *codes) if len(secret) >= 6}


def test_every_change_at_the_desk_leaves_before_and_after_and_no_secret(desk: Desk) -> None:
    posted = {a.endpoint for a in addresses(desk.app) if a.method == "POST" and a.rule.startswith("/desk")}
    unaudited = {name for name in posted if (access := access_of(desk.app, name)) and access.unaudited}
    assert sorted(posted - CHANGES.keys() - unaudited) == [], "show in changes/ that it is audited"
    elsewhere = {a.endpoint for a in addresses(desk.app) if a.method == "POST"} - posted
    assert sorted(CHANGES.keys() - (posted - unaudited) - elsewhere) == [], "these are gone, or said to leave no entry"
    first, wrong = last_entry(desk.app), []
    for endpoint, change in CHANGES.items():
        last = last_entry(desk.app)
        try:
            desk.secrets |= shown_secrets(change(desk).text)
        except AssertionError as problem:
            wrong.append(f"{endpoint}: {problem}")
        wrong += faults(endpoint, entries_since(desk.app, last))
    assert not wrong, "\n".join(wrong)
    assert len(desk.secrets) > 6  # passwords, a PIN, pairing codes, tickets
    made = entries_since(desk.app, first)
    log = json.dumps([[entry.before, entry.after] for entry in made], ensure_ascii=False)
    assert [secret for secret in known_secrets(desk) if secret in log] == []
    assert nameless(desk.app, made) == set()
    for language in ("vi", "en"):
        shown = desk.client.get(f"/desk/audit/dak-lak/?lang={language}")
        assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])


def test_every_command_that_changes_something_leaves_an_entry_of_nobody_signed_in(
    demonstration: Flask, tmp_path: Path
) -> None:
    assert sorted(own_commands(demonstration) ^ (COMMANDS.keys() | OWN_RECORD.keys())) == []
    runner, wrong = demonstration.test_cli_runner(), []
    for name, run in COMMANDS.items():
        last = last_entry(demonstration)
        run(runner, tmp_path)
        entries = entries_since(demonstration, last)
        wrong += [*faults(name, entries, by_hand=False), *nameless(demonstration, entries)]
    assert not wrong, "\n".join(wrong)


def test_every_action_that_the_program_writes_has_words() -> None:
    written = {
        constant.value
        for module in modules()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("record", "audit.record") and len(call.args) > 3
        for constant in ast.walk(call.args[1])
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }
    assert len(written) > 20
    assert sorted(written - ACTION_WORDS.keys()) == []
