"""Commands of the program in processes of their own, at the hour the test says.

Python's fork server loads the program once; each process is a fork of it.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import tempfile
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import time_machine

from survey.foundation.configuration.settings import ROOT, Settings

PATIENCE = 120  # seconds until a process counts as stuck; a slow machine is no failure
STREAMS = ("stdout", "stderr")
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["wsgi", "analysis.reports.rendering.pdf", "scipy.special"])  # what every report needs


class Running:
    """A `flask …` process that has made the application and waits for `go`; the leader of a group of its own."""

    def __init__(self, settings: Settings, at: dt.datetime, arguments: tuple[str | Path, ...], folder: Path) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "DATABASE_READ_URL": settings.database_read_url,
            "DATABASE_POOLED": str(int(settings.database_pooled)),
            "SECRET_KEY": settings.secret_key,
            "SMTP_URL": settings.smtp_url or "",
            "MAIL_FROM": settings.mail_from or "",
        }
        self._said = Path(tempfile.mkdtemp(dir=folder))
        self._signals, theirs = _FORKS.Pipe()
        self.process: ForkServerProcess = _FORKS.Process(
            target=_run, args=(theirs, environment, at, [*map(str, arguments)], self._said)
        )
        self.process.start()
        theirs.close()
        try:
            self._signals.recv()
        except EOFError:
            raise AssertionError(self.result()) from None

    def go(self) -> None:
        """Let it begin."""
        self._signals.send(None)

    def kill(self) -> None:
        """End it and every process that it has started."""
        assert self.process.pid is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join(PATIENCE)

    def result(self) -> tuple[str, str]:
        """What it said on stdout and stderr, once it has ended."""
        self.process.join(PATIENCE)
        assert self.process.exitcode is not None
        self._signals.close()
        return tuple((self._said / name).read_text(encoding="utf-8") for name in STREAMS)


def _run(signals: Connection, environment: dict[str, str], at: dt.datetime, arguments: list[str], said: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(STREAMS, start=1):
        os.dup2(os.open(said / name, os.O_WRONLY | os.O_CREAT), number)
    with time_machine.travel(at, tick=False):
        from flask.cli import ScriptInfo

        from wsgi import create_app

        app = create_app(replace(Settings.from_environment(), release_step=0))
        signals.send(None)
        signals.recv()
        app.cli.main(args=arguments, obj=ScriptInfo(create_app=lambda: app), prog_name="flask")
