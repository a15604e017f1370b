"""What the audit log knows, read for the changes themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.foundation.changes.audit_entry import AuditEntry


def fetch_written_by_others(
    session: Session, object_type: str, object_id: str, since: dt.datetime, user_id: int
) -> list[tuple[Mapping[str, Any], int, dt.datetime]]:
    """What other people have written of an object since an instant, who and when; the newest first."""
    query = select(AuditEntry.after, AuditEntry.user_id, AuditEntry.at).where(
        AuditEntry.at >= since,
        AuditEntry.object_type == object_type,
        AuditEntry.object_id == object_id,
        AuditEntry.user_id != user_id,
    )
    with session.no_autoflush:
        rows = session.execute(query.order_by(AuditEntry.at.desc())).all()
    return [(after, who, at) for after, who, at in rows if after and who is not None]
