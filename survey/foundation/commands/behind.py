"""Work too long for a request is done by a process of its own, a command of this program, and watched in its row.

The command tells the row how far it is. Its end is seen there too: a result, or a beat of long ago, which the server
that began it writes as soon as it is gone; if that server is gone too, the beats stop.
"""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable

from flask import Flask, current_app

from survey.foundation.caching.transaction_cache import is_writing
from survey.foundation.clock import now
from survey.foundation.configuration.settings import ROOT, child_environment
from survey.foundation.this_app import this_app

STALLED = dt.timedelta(minutes=2)  # opening a workbook takes up to 90 s, in which nothing can be told
MEGABYTES = 3072  # of addresses, of which a third is used
COMMAND = ("-m", "flask", "--app", "wsgi", "survey")


class GivenUp(Exception):
    """Nobody waits for the work any more: its row is gone."""


def teller(note: Callable[..., bool], row: uuid.UUID) -> Callable[[str, int, int | None], None]:
    """What notes in a row how far its work is (`note` of its queries), and raises GivenUp once the row is gone.

    While the work is being written nobody else may write to SQLite, and nothing is noted.
    """

    def tell(stage: str, done: int, total: int | None) -> None:
        if not is_writing() and not note(row, stage=stage[:100], done=done, total=total, beat_at=now()):
            raise GivenUp

    return tell


def is_silent(beat_at: dt.datetime) -> bool:
    """Whether a process that last told something then has ended without a word, as far as can be seen."""
    return beat_at < now() - STALLED


def long_ago() -> dt.datetime:
    """What stands as the last beat of a process that is known to be gone."""
    return now() - 2 * STALLED


def begin(command: str, *arguments: str, if_killed: Callable[[], object]) -> None:
    """Start `flask survey COMMAND`, which this process does not wait for.

    `if_killed` notes that nobody shall wait for its next beat; what it came to before stands.
    """
    process = subprocess.Popen(
        [sys.executable, *COMMAND, command, *arguments],
        cwd=ROOT,
        env=child_environment(current_app.extensions["settings"].database_url),
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # what interrupts a server at a terminal is not meant for it
    )
    app = this_app()
    threading.Thread(target=_wait, args=(app, process, if_killed), daemon=True).start()


def _wait(app: Flask, process: subprocess.Popen[bytes], if_killed: Callable[[], object]) -> None:
    if process.wait() != 0:
        with app.app_context():
            if_killed()


def take_at_most(megabytes: int) -> None:
    """Limit how much memory this process may address."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
