"""Writes down that a device was heard of: at once, but for one that sends one answer after the other not each time."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.engine import Connection

from survey.devices.queries import save_contact

NOTED_EVERY = dt.timedelta(seconds=10)
SAME_SKEW = 1.0  # seconds


@dataclass(frozen=True)
class Contact:
    """A device called `at`; `skew`: how many seconds its clock was ahead of ours, if it said."""

    device_id: uuid.UUID
    at: dt.datetime
    skew: float | None

    @property
    def is_due(self) -> bool:
        """Whether it is news to this process: nothing like it was noted a moment ago."""
        before = _noted().get(self.device_id)
        return before is None or not dt.timedelta(0) <= self.at - before.at < NOTED_EVERY or self._tells_more(before)

    def save(self, connection: Connection) -> None:
        """Write it down inside the caller's transaction."""
        save_contact(
            connection, self.device_id, self.at, **({} if self.skew is None else {"clock_skew_seconds": self.skew})
        )

    def note(self) -> None:
        """Remember, once it is stored, that it was: `is_due` goes by it."""
        _noted()[self.device_id] = self

    def _tells_more(self, before: Contact) -> bool:
        return self.skew is not None and (before.skew is None or abs(self.skew - before.skew) >= SAME_SKEW)


def _noted() -> dict[uuid.UUID, Contact]:
    noted: dict[uuid.UUID, Contact] = current_app.extensions.setdefault("kiosk_contacts", {})
    return noted
