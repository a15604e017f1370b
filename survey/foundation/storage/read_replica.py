"""Reads of desk, results and interface go to a standby while it lags little; everything else goes to the primary.

The primary: whatever writes, a browser that has just written (a cookie of a few seconds, only at the desk), and every
request while the standby is away or behind; a page that the standby could not finish is made once more by the primary.
A transaction never changes its database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import gettext as _
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

READ = "read"  # the bind's name
READING = ("/desk", "/results", "/api/")
WRITTEN = "hai_long_wrote"
ASKED_EVERY = 1.0  # seconds
AWAY_ASKED_EVERY = 5.0  # asking what is away may take seconds, and somebody waits
ON_ITS_WAY = 0.05
_PRIMARY = text("SELECT pg_current_wal_lsn(), clock_timestamp()")
# The last change bears the primary's time; held against the standby's own clock, which may be minutes off, a standby
# that lags would seem near.
_STANDBY = text(
    "SELECT pg_last_wal_replay_lsn() >= CAST(:written AS pg_lsn),"
    " EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - pg_last_xact_replay_timestamp())"
)


@dataclass
class Standby:
    """What this process knows of the standby: its lag in seconds, None while it is away; asked once a second."""

    limit: float
    lag: float | None = None
    ask_at: float = 0.0

    def __post_init__(self) -> None:
        self._asking = threading.Lock()

    def is_near(self, primary: Engine, standby: Engine) -> bool:
        """Whether the standby may be read from now."""
        if time.monotonic() >= self.ask_at and self._asking.acquire(blocking=False):
            try:
                self.keep(_lag(primary, standby))
            finally:
                self._asking.release()
        return self.lag is not None and self.lag <= self.limit

    def keep(self, lag: float | None) -> None:
        """Know the lag until it is time to ask again."""
        self.lag = lag
        self.ask_at = time.monotonic() + (AWAY_ASKED_EVERY if lag is None else ASKED_EVERY)


class RoutedSession(Session):
    """The session of a request, bound to the standby where it may only read."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Any:
        """The engine of the next statement."""
        if bind is None and not self.info.get("writes") and reads_elsewhere(self._db.engines):
            return self._db.engines[READ]
        return super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)


def to_primary(session: Any) -> None:
    """From here on this session asks the primary. Whatever it had begun must be over."""
    session.info.update(writes=True)


def reads_elsewhere(engines: Mapping[str | None, Engine]) -> bool:
    """Whether the present request reads from the standby: decided once, at its first statement."""
    if not has_request_context() or "standby" not in current_app.extensions:
        return False
    if "reads_elsewhere" not in g:
        standby: Standby = current_app.extensions["standby"]
        g.reads_elsewhere = _only_reads() and standby.is_near(engines[None], engines[READ])
    return bool(g.reads_elsewhere)


def give_up_standby() -> bool:
    """Whether the present request read from the standby, which failed: from here on it and others ask the primary."""
    if not has_request_context() or not g.get("reads_elsewhere"):
        return False
    standby: Standby = current_app.extensions["standby"]
    standby.keep(None)
    g.reads_elsewhere = False
    return True


def init_read_replica(app: Flask, read_url: str, lag: float) -> None:
    """Know the standby, if there is one; tell readers when their page comes from it."""
    if not read_url:
        return
    app.extensions["standby"] = Standby(lag)

    @app.after_request
    def remember_writing(response: Response) -> Response:
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.path.startswith(("/desk", "/login", "/logout")):
            response.set_cookie(
                WRITTEN,
                "1",
                max_age=int(lag) + 2,
                secure=bool(app.config["SESSION_COOKIE_SECURE"]),
                httponly=True,
                samesite="Lax",
            )
        return response

    @app.context_processor
    def standby_context() -> dict[str, Any]:
        return {"standby_note": _note} if has_request_context() else {}


def _note() -> str:
    """Where the page comes from, but for one that would not be read from the standby anyway."""
    if "reads_elsewhere" not in g or not _only_reads():
        return ""
    lag = current_app.extensions["standby"].lag
    if g.reads_elsewhere:
        return str(_("Đọc từ máy dự phòng, chậm hơn máy chính %(seconds)s giây.", seconds=f"{lag or 0:.0f}"))
    if lag is None:
        return str(_("Máy dự phòng không trả lời: đọc từ máy chính."))
    return str(_("Máy dự phòng chậm hơn máy chính %(seconds)s giây: đọc từ máy chính.", seconds=f"{lag:.0f}"))


def _only_reads() -> bool:
    return request.method in ("GET", "HEAD") and request.path.startswith(READING) and WRITTEN not in request.cookies


def _lag(primary: Engine, standby: Engine) -> float | None:
    """Seconds; 0 where everything that was written is there. None while the standby does not answer or is none."""
    try:
        with primary.connect() as connection:
            written, at = connection.execute(_PRIMARY).one()
        for last_time in (False, True):
            with standby.connect() as connection:
                is_there, seconds = connection.execute(_STANDBY, {"written": written, "now": at}).one()
            if is_there is None:
                return None  # no standby at all
            if is_there:
                return 0.0
            if not last_time:
                # What was written this instant is on its way. Since the change before it an hour may have passed, which
                # is all that a standby knows of its own lag.
                time.sleep(ON_ITS_WAY)
    except SQLAlchemyError:
        return None
    return None if seconds is None else float(seconds)
