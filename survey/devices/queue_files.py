"""Queue files that were taken in, and who wants to know of each: analysis opens a signal in the same transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session


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


def on_file_taken_in(app: Flask, listener: Listener) -> None:
    """Let a part know of every file, inside the transaction that stores its answers."""
    app.extensions.setdefault("queue_file_listeners", []).append(listener)


def announce(session: Session, taken: TakenIn) -> None:
    """Tell everybody who asked."""
    listeners: list[Listener] = current_app.extensions.get("queue_file_listeners", [])
    for listener in listeners:
        listener(session, taken)
