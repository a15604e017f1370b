"""Reads of desk, results and interface go to a standby while it lags little; everything else goes to the primary.

The primary: whatever writes, a browser that has just written (a cookie of a few seconds, only at the desk), and every
request while the standby is away or behind. A transaction never changes its database.
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
_PRIMARY = text("SELECT pg_current_wal_lsn()")
_STANDBY = text(
    "SELECT pg_last_wal_replay_lsn() >= CAST(:written AS pg_lsn),"
    " EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())"
)


@dataclass
class Standby:
    """What this process knows of the standby: its lag in seconds, None while it is away, asked once a second."""

    limit: float
    lag: float | None = None
    asked_at: float = -ASKED_EVERY

    def __post_init__(self) -> None:
        self._asking = threading.Lock()

    def is_near(self, primary: Engine, standby: Engine) -> bool:
        """Whether the standby may be read from now."""
        if time.monotonic() - self.asked_at >= ASKED_EVERY and self._asking.acquire(blocking=False):
            try:
                self.lag = _lag(primary, standby)
                self.asked_at = time.monotonic()
            finally:
                self._asking.release()
        return self.lag is not None and self.lag <= self.limit


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
    if not g.get("reads_elsewhere"):
        return ""
    lag = current_app.extensions["standby"].lag or 0
    return str(_("Đọc từ máy dự phòng, chậm hơn máy chính %(seconds)s giây.", seconds=f"{lag:.0f}"))


def _only_reads() -> bool:
    return request.method in ("GET", "HEAD") and request.path.startswith(READING) and WRITTEN not in request.cookies


def _lag(primary: Engine, standby: Engine) -> float | None:
    """Seconds; 0 where everything that was written is there. None while the standby does not answer or is none."""
    try:
        with primary.connect() as connection:
            written = connection.execute(_PRIMARY).scalar_one()
        with standby.connect() as connection:
            is_there, seconds = connection.execute(_STANDBY, {"written": written}).one()
    except SQLAlchemyError:
        return None
    if is_there is None:
        return None  # no standby at all
    return 0.0 if is_there else None if seconds is None else float(seconds)
