"""Work too long for a request is done by a process of its own, a command of this program, and watched in its row.

The command tells the row how far it is. Its end is seen there too: a result, or no beat for a while.
"""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import threading

from flask import current_app

from survey.foundation.clock import now
from survey.foundation.settings import ROOT, child_environment

STALLED = dt.timedelta(minutes=2)  # opening a workbook takes up to 90 s, in which nothing can be told
MEGABYTES = 3072  # of addresses, of which a third is used
COMMAND = ("-m", "flask", "--app", "wsgi", "survey")


def is_silent(beat_at: dt.datetime) -> bool:
    """Whether a process that last told something then has ended without a word, as far as can be seen."""
    return beat_at < now() - STALLED


def begin(command: str, *arguments: str) -> None:
    """Start `flask survey COMMAND`, which this process does not wait for."""
    process = subprocess.Popen(
        [sys.executable, *COMMAND, command, *arguments],
        cwd=ROOT,
        env=child_environment(current_app.extensions["settings"].database_url),
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # what interrupts a server at a terminal is not meant for it
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that none is left as a zombie


def take_at_most(megabytes: int) -> None:
    """Let this process have no more addresses than that."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
