"""The audit log: who changed what, when, from what to what. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import has_request_context
from flask_login import current_user
from sqlalchemy.orm import Session

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.changes.overwriting import refuse_overwriting
from survey.foundation.clock import now

EARLIER, RENEWED = "earlier", "renewed"  # before and after of a secret, which itself never stands in the log


def record(
    session: Session,
    action: str,
    object_type: str,
    object_id: object,
    *,
    province_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    user_id: int | None = None,
) -> None:
    """Add one entry inside the caller's transaction, so that a change and its trace are stored together or not at all.

    `user_id` defaults to the signed-in user; commands have none. `before` and `after` hold JSON values and never
    personal data of citizens, passwords or keys.

    Raises:
        SomebodyWasFasterError: a form of the desk would overwrite, unseen, what somebody else has just written.
    """
    if before and after:
        refuse_overwriting(session, object_type, str(object_id), before, after, _actor())
    session.add(
        AuditEntry(
            at=now(),
            user_id=_actor() if user_id is None else user_id,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            province_id=province_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )


def _actor() -> int | None:
    if not has_request_context() or not current_user.is_authenticated:
        return None
    return int(current_user.id)
