"""The timers of two servers fire at the same second: each piece of work is done once, and neither fails.

Both ask one primary through its pooler, as servers behind a balancer do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from analysis.figures.store.commands import keep_sums
from analysis.figures.store.models import RatingSums
from analysis.signals.models import Signal
from survey.foundation.configuration.settings import ROOT, Settings
from survey.foundation.storage.database import db, writing
from tests.reports.processes import Running
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.demonstration import NOON, copied_to
from tests.support.standby import streaming_pair

SERVERS, NUMBER = 2, re.compile(r"\d+")
COMMAND = re.compile(r"^ExecStart=\S+/flask --app wsgi (.+)$", re.MULTILINE)
ELSEWHERE = (
    "survey backup-nightly",
    "survey rehearse-restore",
    "survey watch",
    "survey alarm",
)  # of each machine's own


def commands_of_timers() -> list[str]:
    """What the timers run against the database that all servers share."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "deploy").glob("*.service"))]
    commands = [command for text in texts for command in COMMAND.findall(text)]
    return [command for command in commands if not command.startswith(ELSEWHERE)]


@pytest.fixture
def province(demonstration: Flask, run_directory: Path) -> Iterator[Settings]:
    with (
        streaming_pair(run_directory, pooled=True) as pair,
        copied_to(pair.databases, demonstration, run_directory) as url,
    ):
        url, read_url = pair.urls(url)
        settings = Settings(
            secret_key=SECRET_KEY, database_url=url, database_read_url=read_url, database_pooled=True,
            log_level="ERROR", testing=True,
        )  # fmt: skip
        with application(settings) as app, app.app_context(), writing() as session:  # all is to be done
            session.execute(delete(RatingSums))
            session.execute(delete(Signal))
        yield settings


def test_every_timers_work_is_done_once_on_two_servers(province: Settings, tmp_path: Path) -> None:
    commands = commands_of_timers()
    assert {"analysis sums", "analysis detect", "survey retention", "reports send-due"} <= set(commands)
    said = {command: run_at_once(command, province, tmp_path) for command in commands}
    with application(province) as app, app.app_context():
        kept = db.session.scalar(select(func.count()).select_from(RatingSums)) or 0
        assert kept > 100
        assert sum(int(NUMBER.findall(words)[0]) for words in said["analysis sums"]) == kept
        assert keep_sums() == 0
        assert db.session.scalar(select(func.count()).select_from(Signal))


def run_at_once(command: str, settings: Settings, folder: Path) -> list[str]:
    """What a command says on each server; none may fail."""
    servers = [Running(settings, NOON, tuple(command.split()), folder) for _ in range(SERVERS)]
    for server in servers:
        server.go()
    results = [server.result() for server in servers]
    assert [
        (server.process.exitcode, errors[-2000:])
        for server, (_out, errors) in zip(servers, results, strict=True)
        if server.process.exitcode
    ] == [], command
    return [output for output, _errors in results]
