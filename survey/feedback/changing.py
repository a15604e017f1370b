"""One change of a case: under its lock, by whoever saw its latest state, with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import has_request_context
from flask_login import current_user
from sqlalchemy.orm import Session

from survey.feedback.models import FeedbackCase, FeedbackStep
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.storage.database import locked, writing


class ChangedMeanwhileError(Exception):
    """Somebody else changed the case after this form was opened; nothing was changed now."""


@dataclass(frozen=True)
class CaseChange:
    """A case that may be changed now, and how what was done is told."""

    session: Session
    case: FeedbackCase

    def refuse_unless(self, seen: int | None) -> None:
        """Go on only if the case still is as the form showed it.

        Raises:
            ChangedMeanwhileError: it is not.
        """
        if seen is not None and seen != self.case.version:
            raise ChangedMeanwhileError

    def step(self, name: str, *, at: dt.datetime | None = None, **about: Any) -> None:
        """Add a step, made now by whoever is signed in; `at`: by the holder of the code, who is nobody."""
        by_id = int(current_user.id) if at is None and has_request_context() and current_user.is_authenticated else None
        self.case.version += 1
        self.session.add(FeedbackStep(case_id=self.case.id, step=name, at=at or now(), by_id=by_id, **about))

    def record(self, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Tell the audit log."""
        audit.record(
            self.session,
            action,
            "feedback",
            self.case.id,
            province_id=self.case.province_id,
            before=before,
            after=after,
        )


@contextmanager
def changing(case_id: int) -> Iterator[CaseChange]:
    """Lock a case for one change."""
    with writing() as session:
        yield CaseChange(session, locked(session, FeedbackCase, case_id))
