"""Uploaded files between preview and confirmation: only their sender reaches them, and they go within a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from survey.foundation.clock import now
from survey.foundation.commands.behind import long_ago
from survey.foundation.identifiers import new_id
from survey.foundation.storage.database import db, rows_changed, writing, writing_without_session
from survey.registry.files.models import ImportDraft

KEPT_FOR = dt.timedelta(hours=24)


def keep_draft(user_id: int, kind: str, name: str, content: bytes) -> uuid.UUID:
    """Keep a file; old ones of everybody and earlier ones of this user and kind are thrown away."""
    with writing() as session:
        drop_old_drafts(session, now() - KEPT_FOR)
        session.execute(delete(ImportDraft).where(ImportDraft.user_id == user_id, ImportDraft.kind == kind))
        draft = ImportDraft(
            id=new_id(),
            user_id=user_id,
            kind=kind,
            file=PurePath(name).name[:255] or "tep",
            content=content,
            created_at=now(),
        )
        session.add(draft)
        session.flush()
        id_: uuid.UUID = draft.id
        return id_


def complete_draft(draft_id: uuid.UUID, given: Mapping[str, str]) -> None:
    """Keep what the file does not say. Whoever asked for it has come to its end, so that nobody waits for its beat."""
    with writing() as session:
        draft = session.get_one(ImportDraft, draft_id, with_for_update=True)
        if draft.result is not None:
            draft.result, draft.beat_at = None, long_ago()
        draft.given = {**draft.given, **given}


def find_draft(user_id: int, draft_id: uuid.UUID) -> ImportDraft | None:
    """The draft, if this user sent it and it is not too old."""
    draft: ImportDraft | None = db.session.get(ImportDraft, draft_id)
    if draft is None or draft.user_id != user_id or draft.created_at < now() - KEPT_FOR:
        return None
    return draft


def drop_draft(session: Session, draft_id: uuid.UUID) -> None:
    """The draft was taken in or given up."""
    session.execute(delete(ImportDraft).where(ImportDraft.id == draft_id))


def drop_old_drafts(session: Session, before: dt.datetime) -> int:
    """Drop files sent before an instant that were neither taken in nor given up; how many."""
    return len(
        session.scalars(delete(ImportDraft).where(ImportDraft.created_at < before).returning(ImportDraft.id)).all()
    )


def note(draft_id: uuid.UUID, **values: Any) -> bool:
    """Keep how far the work on a draft is; False where there is no draft any more."""
    with writing_without_session(at_once=True) as connection:
        changed = connection.execute(update(ImportDraft).where(ImportDraft.id == draft_id).values(**values))
        return bool(rows_changed(changed))
