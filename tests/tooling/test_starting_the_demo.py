"""`make run` tells whoever starts it what is wrong before it installs anything, and where to go in their language."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy import func, select

from survey.demo.accounts import ACCOUNTS
from survey.demo.finishing import Step, finish, is_unfinished
from survey.demo.one_start import alone
from survey.foundation.installation_flags import DEMO, Fact
from survey.foundation.storage.database import Base, db, writing
from tests.guards.test_pages import visitor
from wsgi import AFTER_FILLING

ROOT = Path(__file__).parents[2]


def port(number: int, language: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "PORT": str(number), "LANG": language}
    command = [ROOT / "deploy" / "run-demo", "port"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("language", "said"), [("vi_VN.UTF-8", "đang được dùng"), ("en_US.UTF-8", "is taken")])
def test_a_second_start_on_a_taken_port_ends_in_one_line(language: str, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        refused = port(taken, language)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert str(taken) in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert port(taken, language).returncode == 0


@pytest.mark.parametrize(
    ("language", "said"), [("vi_VN", "mọi việc của tỉnh"), ("en_GB.UTF-8", "everything of the province")]
)
def test_every_login_is_printed_with_what_it_sees(
    demonstration: Flask, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", language)
    printed = demonstration.test_cli_runner().invoke(args=["addresses"]).output
    assert said in printed
    assert all(account.username in printed for account in ACCOUNTS)


def test_whoever_is_said_to_publish_may(demonstration: Flask) -> None:
    for account in ACCOUNTS:
        reached = visitor(demonstration, account.username).get("/desk/closing/").status_code == 302
        assert reached == ("công bố" in str(account.sees)), account.username


@pytest.mark.parametrize("number", [0, 65536, 99999])
def test_a_number_that_is_no_port_ends_in_one_line_too(number: int) -> None:
    refused = port(number, "en_US.UTF-8")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)


def rows(app: Flask) -> dict[str, int]:
    """How many rows stand in each table; the audit log may say twice what was tried twice."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name != "audit_entries"
        }


@pytest.mark.parametrize("step", [step for step in AFTER_FILLING if step.key != "tickets"], ids=lambda step: step.key)
def test_a_step_done_again_leaves_what_doing_it_once_leaves(demonstration: Flask, step: Step) -> None:
    with demonstration.app_context():
        step.do()
    once = rows(demonstration)
    with demonstration.app_context():
        step.do()
    assert rows(demonstration) == once


def test_an_interrupted_start_goes_on_where_it_stopped(demonstration: Flask) -> None:
    done: list[str] = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    def step(key: str) -> Step:
        return Step(key, lazy_gettext("Đang đặt kiosk…"), lambda: done.append(key))

    steps = (step("one"), step("two"), step("three"))
    with demonstration.app_context():
        assert is_unfinished(steps)
        with pytest.raises(KeyboardInterrupt):
            finish((steps[0], steps[1]._replace(do=interrupt), steps[2]))
        finish(steps)
        assert (done, is_unfinished(steps)) == (["one", "two", "three"], False)
        with writing() as session:  # as an earlier version left it
            session.get_one(Fact, DEMO).value = {"until": "2026-10-31", "answers": 1}
        assert not is_unfinished(steps)


def test_a_start_beside_another_that_fills_ends_in_one_line(
    demonstration: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with demonstration.app_context(), alone():
        second = demonstration.test_cli_runner().invoke(args=["try-out"])
    assert second.exit_code == 2
    assert second.stderr.splitlines() == [
        "Another start is filling the demonstration; wait until it is done, or stop it."
    ]
