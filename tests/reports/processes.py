"""Commands of the program in processes of their own, at the hour the test says."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from survey.foundation.settings import ROOT, Settings

PATIENCE = 120  # seconds until a process counts as stuck; a slow machine is no failure
RUN = """
import datetime as dt, sys, time_machine
from flask.cli import ScriptInfo
with time_machine.travel(dt.datetime.fromisoformat(sys.argv[1]), tick=False):
    from wsgi import create_app
    app = create_app()
    print("ready", flush=True)
    sys.stdin.readline()
    app.cli.main(args=sys.argv[2:], obj=ScriptInfo(create_app=lambda: app), prog_name="flask")
"""


def start(settings: Settings, at: dt.datetime, *arguments: str | Path) -> subprocess.Popen[str]:
    """A `flask …` process that has loaded the program and waits for `go`; the leader of a group of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "SMTP_URL": settings.smtp_url or "",
        "MAIL_FROM": settings.mail_from or "",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, at.isoformat(), *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Let it begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def result(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What it said on stdout and stderr, once it has ended."""
    return process.communicate(timeout=PATIENCE)
