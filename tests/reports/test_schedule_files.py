"""The systemd examples run the command that exists, and as shut in as the service itself."""

from __future__ import annotations

import configparser

from flask import Flask

from survey.foundation.configuration.settings import ROOT

DEPLOY = ROOT / "deploy"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def test_the_timer_starts_a_command_of_the_program(app: Flask) -> None:
    timer, service = unit("hai-long-reports.timer"), unit("hai-long-reports.service")
    assert timer["Timer"]["OnCalendar"] == "*:0/10"
    assert timer["Install"]["WantedBy"] == "timers.target"
    program, *words = service["Service"]["ExecStart"].split()
    assert program.endswith("/.venv/bin/flask")
    assert words[:2] == ["--app", "wsgi"]
    group = app.cli.get_command(None, words[2])
    assert group is not None
    assert words[3] in group.commands


def test_the_run_ends_before_another_may_take_its_work_over() -> None:
    from analysis.reports.delivery.claims import ABANDONED

    assert int(unit("hai-long-reports.service")["Service"]["TimeoutStartSec"]) < ABANDONED.total_seconds()


def test_it_may_do_no_more_than_the_service() -> None:
    server, reports = unit("hai-long.service")["Service"], unit("hai-long-reports.service")["Service"]
    own = {"Type", "ExecStart", "ExecReload", "TimeoutStopSec", "KillMode", "Restart", "RestartSec"}
    assert {name: reports.get(name) for name in server if name not in own} == {
        name: server[name] for name in server if name not in own
    }
