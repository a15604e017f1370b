"""The program with a clock that a file moves: `wsgi:app` as shipped, its one clock so many seconds ahead or behind.

No processor's clock is touched: `survey.foundation.clock` is the only place that tells the program the time.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from survey.foundation import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOVED_BY = "FAULTS_CLOCK"  # names the file that holds the seconds


class _Moved:
    """`datetime`, but that its now is moved."""

    def now(self, zone: dt.tzinfo | None = None) -> dt.datetime:
        """The present instant as the moved clock shows it."""
        return dt.datetime.now(zone) + dt.timedelta(seconds=_seconds())

    def __getattr__(self, name: str) -> Any:
        return getattr(dt.datetime, name)


def _seconds() -> float:
    try:
        return float(Path(os.environ[MOVED_BY]).read_text())
    except (OSError, ValueError):  # being written just now
        return 0.0


def make() -> WSGIApplication:
    """The program as a server runs it; the clock must be moved before it is read."""
    clock.dt = SimpleNamespace(**{**vars(dt), "datetime": _Moved()})
    from wsgi import app

    return app
