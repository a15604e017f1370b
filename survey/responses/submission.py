"""What comes to the door, and what the door says."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.foundation.identifiers import content_hash

Status = Literal["stored", "duplicate", "conflict", "invalid"]


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One person's answers as a channel received them; everything is named by its code.

    `id` is made by the client. `sent_hash` is the hash of the content as sent, which tells a retry from a clash;
    by default that of the fields that the citizen gave.
    """

    id: uuid.UUID
    questionnaire: str
    version: int
    counter: str | None
    agency: str | None = None  # needed only where there is no counter
    service: str | None = None
    respondent_kind: str | None = None
    language: str = "vi"
    answered_at: dt.datetime
    channel: str
    answers: Mapping[str, object]
    comment: str | None = None
    device_id: uuid.UUID | None = None
    device_answered_at: dt.datetime | None = None
    date_uncertain: bool = False  # a kiosk's clock that no contact vouches for
    partial: bool = False
    sent_hash: str | None = None

    def hash(self) -> str:
        """Hash of the content as sent."""
        return self.sent_hash or content_hash(self._fields())

    def _fields(self) -> dict[str, object]:
        return {
            "questionnaire": self.questionnaire,
            "version": self.version,
            "counter": self.counter,
            "agency": self.agency,
            "service": self.service,
            "respondent_kind": self.respondent_kind,
            "language": self.language,
            "answers": dict(self.answers),
            "comment": self.comment,
        }


@dataclass(frozen=True)
class Receipt:
    """The door's word on one submission: only `stored` and `duplicate` mean that it is on disk."""

    id: uuid.UUID
    status: Status
    problem: str | None = None
