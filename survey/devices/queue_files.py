"""Queue files that were taken in, and who wants to know of each: analysis opens a signal in the same transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from survey.foundation.registered import PerApp


@dataclass(frozen=True)
class TakenIn:
    """A file just taken in: whose, which answers it brought, how many of each status.

    `digest` names the file by its content; `is_new`: it was never read before.
    """

    device_id: uuid.UUID
    digest: str
    taken_at: dt.datetime
    stored: Collection[uuid.UUID]
    counts: Mapping[str, int]
    is_revoked: bool
    is_new: bool


Listener = Callable[[Session, TakenIn], None]
LISTENERS: PerApp[Listener] = PerApp("listener of queue files")


def on_file_taken_in(app: Flask, listener: Listener) -> None:
    """Let a part know of every file, inside the transaction that stores its answers."""
    LISTENERS.add(app, listener.__qualname__, listener)


def announce(session: Session, taken: TakenIn) -> None:
    """Tell everybody who asked."""
    for listener in LISTENERS.members().values():
        listener(session, taken)
