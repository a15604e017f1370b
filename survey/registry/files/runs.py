"""The imports there were: what each changed is kept, packed, so that it can be undone as a whole."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from flask import has_request_context
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.foundation.clock import now
from survey.foundation.storage.database import db
from survey.registry.files.columns import codes
from survey.registry.files.dates import day
from survey.registry.files.models import ImportRun
from survey.registry.files.records import Change, RecordKind, json_values, key_of_values, object_name

Values = dict[str, Any]
SHOWN = 20
MOST_NAMED = 500  # of the records an import adds, in the audit log


class Traces(NamedTuple):
    """What an import leaves beside its records: entries of the audit log (province, before, after), and its run."""

    entries: list[tuple[int | None, dict[str, Any], dict[str, Any]]]
    run: ImportRun


def make_traces(session: Session, kind: RecordKind, file: str, changes: Sequence[Change]) -> Traces:
    """The traces of an import that changes something; nothing is stored yet."""
    differing = [change for change in changes if change.differs]
    by_province: dict[int | None, list[Change]] = defaultdict(list)
    provinces = kind.provinces(session, differing)
    for change in differing:
        by_province[provinces[change.key]].append(change)
    return Traces([(province, *_told(some)) for province, some in by_province.items()], _run(kind, file, differing))


def _told(changes: Sequence[Change]) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = [change for change in changes if change.before is not None]
    added = [object_name(change.key) for change in changes if change.before is None]
    after = {
        "new": len(added),
        "added": added[:MOST_NAMED],
        "records": [json_values(change.after) for change in changed],
    }
    return {"records": [json_values(change.before) for change in changed]}, after


def _run(kind: RecordKind, file: str, changes: Sequence[Change]) -> ImportRun:
    pairs = [[json_values(change.before), json_values(change.after)] for change in changes]
    new = sum(change.before is None for change in changes)
    return ImportRun(
        kind=kind.name,
        file=file[:255],
        at=now(),
        user_id=signed_in_id(),
        new=new,
        changed=len(changes) - new,
        changes=zlib.compress(json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).encode(), 6),
    )


def signed_in_id() -> int | None:
    """Whoever is signed in; None for a command."""
    return current_user.id if has_request_context() and current_user.is_authenticated else None


def unpacked(kind: RecordKind, run: ImportRun) -> list[tuple[tuple[Any, ...], Values | None, Values]]:
    """Key, values before (None: the record was new) and after, of each record the import changed."""
    pairs = json.loads(zlib.decompress(run.changes))
    read = [(before and _native(kind, before), _native(kind, after)) for before, after in pairs]
    return [(key_of_values(kind, after), before, after) for before, after in read]


def _native(kind: RecordKind, values: Values) -> Values:
    """Values as they are in the program: JSON knows no days and no tuples."""
    read = dict(values)
    for column in kind.columns:
        value = read.get(column.name)
        if column.parse is day and isinstance(value, str):
            read[column.name] = dt.date.fromisoformat(value)
        elif isinstance(value, list) or (column.parse is codes and value is None):
            read[column.name] = tuple(value or ())
    return read


def fetch_runs(user_id: int, kinds: Collection[str]) -> list[ImportRun]:
    """A user's latest imports of some kinds, the newest first."""
    query = select(ImportRun).where(ImportRun.user_id == user_id, ImportRun.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(ImportRun.id.desc()).limit(SHOWN)))
