"""Of two starts of the demonstration at once the second ends in one sentence, and the first is left alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click
from flask_babel import lazy_gettext as _l

from survey.foundation.languages.language import for_terminal
from survey.foundation.storage.database import db

UNDER_WAY = _l("Một lần khởi động khác đang nạp dữ liệu minh họa; chờ nó xong, hoặc dừng nó.")


@contextmanager
def alone() -> Iterator[None]:
    """Be the only start that fills this SQLite file until the end; the system forgets one that was killed.

    Raises:
        SystemExit: another is under way (status 2, said in one line).
    """
    place = None
    if db.engine.dialect.name == "sqlite" and db.engine.url.database:
        with suppress(OSError):  # no such folder: the database says so itself
            place = os.open(f"{db.engine.url.database}-starting", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if place is not None:
            _refuse_second(place)
        yield
    finally:
        if place is not None:
            os.close(place)


def _refuse_second(place: int) -> None:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        click.echo(for_terminal(UNDER_WAY), err=True)
        raise SystemExit(2) from None
