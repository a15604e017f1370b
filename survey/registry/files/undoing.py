"""Undoing a whole import, as long as nothing was built on it: new records go, changed ones are as they were before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from survey.foundation.batched import batched
from survey.foundation.changes.audit import record
from survey.foundation.clock import now
from survey.foundation.storage.database import Base, db, writing
from survey.registry.files.models import ImportRun
from survey.registry.files.problems import Problems, shortened
from survey.registry.files.records import CHUNK, Change, ImportScope, RecordKind, Stored, object_name
from survey.registry.files.rows import RecordRow
from survey.registry.files.runs import Values, signed_in_id, unpacked

# Tables whose rows belong to the record itself and go with it.
OWN = frozenset({("counters", "counter_services"), ("agencies", "agency_successions")})
BUILT_ON: Mapping[str, LazyString] = {
    "responses": _l("lượt đánh giá"),
    "caseloads": _l("số hồ sơ"),
    "counters": _l("quầy"),
    "agencies": _l("cơ quan trực thuộc"),
    "role_grants": _l("vai trò của tài khoản"),
    "counter_services": _l("dịch vụ tại quầy"),
    "devices": _l("kiosk"),
}
Watcher = Callable[[Session, Sequence[tuple[int | None, Change]]], str | None]
_WATCHERS: dict[str, list[Watcher]] = {}


class NotUndoable(ValueError):
    """The import stays; the message says why, and what to do instead."""


@dataclass(frozen=True)
class Undone:
    """How many records went, and how many are as before."""

    run: int
    file: str
    removed: int
    restored: int

    def text(self) -> str:
        """One line for a person."""
        return str(
            _(
                "Đã hoàn tác lần nhập %(id)s (%(file)s): xóa %(n)s mục mới, trả lại %(m)s mục.",
                id=self.run,
                file=self.file,
                n=self.removed,
                m=self.restored,
            )
        )


def watch(kind: str, watcher: Watcher) -> None:
    """Let another part of the program say what was built on records of a kind: a message, or None."""
    _WATCHERS.setdefault(kind, []).append(watcher)


def undo(run_id: int, kinds: Mapping[str, RecordKind], scope: ImportScope) -> Undone:
    """Undo an import. On SQLite whoever else writes waits for the lock: what can be done without it is.

    Raises:
        NotUndoable: it was undone before, something was built on it or changed since, or it is out of scope.
    """
    run = _standing(db.session(), run_id)
    kind = kinds[run.kind]
    rests_on = kind.rests_on(db.session())
    plan = None if rests_on is None else _plan(db.session(), run, kind, scope)
    with writing(much=True) as session:
        run = _standing(session, run_id)
        if plan is None or kind.rests_on(session) != rests_on:
            plan = _plan(session, run, kind, scope)
        _refuse_watched(session, kind, plan)
        undone = _undo(session, run, kind, plan)
        run.undone_at, run.undone_by_id = now(), signed_in_id()
    return undone


def _standing(session: Session, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id, with_for_update=session.connection().get_execution_options().get("writes"))
    if run is None:
        raise NotUndoable(_("Không có lần nhập %(id)s.", id=run_id))
    if run.undone_at is not None:
        raise NotUndoable(_("Lần nhập %(id)s đã được hoàn tác.", id=run_id))
    return run


def find_run(run_id: int) -> ImportRun | None:
    """An import; None where there is none."""
    return db.session.get(ImportRun, run_id)


class _Plan(NamedTuple):
    """What undoing an import changes: records as they were, records that go, and the province of each by key."""

    restored: list[Change]
    removed: list[Change]
    provinces: Mapping[Any, int | None]


def _plan(session: Session, run: ImportRun, kind: RecordKind, scope: ImportScope) -> _Plan:
    pairs = unpacked(kind, run)
    stored = kind.fetch(session, [RecordRow(None, after) for _key, _before, after in pairs])
    _refuse_changed_since(pairs, stored)
    ids = {key: stored[key].id for key, _before, _after in pairs}
    restored = [Change(None, key, ids[key], after, before) for key, before, after in pairs if before is not None]
    removed = [Change(None, key, ids[key], None, after) for key, before, after in pairs if before is None]
    _refuse_out_of_scope(session, kind, [*restored, *removed], scope)
    return _Plan(restored, removed, kind.provinces(session, [*restored, *removed]))


def _undo(session: Session, run: ImportRun, kind: RecordKind, plan: _Plan) -> Undone:
    if plan.restored:
        kind.write(session, plan.restored)
    if plan.removed:
        ids = {change.id: change for change in plan.removed if change.id is not None}
        _refuse_built_on(session, kind, ids)
        kind.remove(session, [*ids])
    session.expire_all()
    _note(session, kind, run, {*plan.provinces.values()}, len(plan.removed), len(plan.restored))
    return Undone(run.id, run.file, len(plan.removed), len(plan.restored))


def _refuse_changed_since(pairs: Sequence[tuple[Any, Values | None, Values]], stored: Mapping[Any, Stored]) -> None:
    for key, _before, after in pairs:
        if key not in stored or stored[key].values != after:
            raise NotUndoable(
                _(
                    "Mục “%(name)s” đã được sửa sau lần nhập này, nên không hoàn tác cả lần nhập được. "
                    "Sửa từng mục, hoặc nhập lại tệp đúng.",
                    name=object_name(key),
                )
            )


def _refuse_out_of_scope(session: Session, kind: RecordKind, changes: Sequence[Change], scope: ImportScope) -> None:
    problems = Problems("")
    kind.check(session, changes, scope, problems)
    if problems.total:
        first = problems.listed[0]
        raise NotUndoable(f"{shortened(first.value or '')}: {first.message} {first.mend}".strip(": "))


def _refuse_watched(session: Session, kind: RecordKind, plan: _Plan) -> None:
    for watcher in _WATCHERS.get(kind.name, ()):
        changes = [*plan.restored, *plan.removed]
        if message := watcher(session, [(plan.provinces[change.key], change) for change in changes]):
            raise NotUndoable(message)


def _refuse_built_on(session: Session, kind: RecordKind, removed: Mapping[int, Change]) -> None:
    table = kind.table
    if table is None:
        raise NotUndoable(_("Loại tệp này không hoàn tác cả lần nhập được; sửa từng mục."))
    for other, column in _references(table):
        inside = _columns_inside(table, other)
        for some in batched(removed, CHUNK):
            for referred, *ends in session.execute(select(column, *inside).where(column.in_(some))):
                if not ends or any(end not in removed for end in ends):
                    raise NotUndoable(_told(removed[referred], other.name))


def _columns_inside(table: Table, other: Table) -> list[Any]:
    """The columns of a reference that tell whether it goes with the records; none: it is built on them."""
    if other is table:
        return [other.c.id]
    return [column for column in other.c if column.references(table.c.id)] if (table.name, other.name) in OWN else []


def _references(table: Table) -> list[tuple[Table, Any]]:
    return [
        (other, column)
        for other in Base.metadata.sorted_tables
        for column in other.c
        if any(key.column is table.c.id for key in column.foreign_keys)
    ]


def _told(change: Change, table: str) -> str:
    return str(
        _(
            "Mục “%(name)s” đã có dữ liệu dựa vào (%(what)s), nên không hoàn tác cả lần nhập được.",
            name=object_name(change.key),
            what=BUILT_ON.get(table, _("dữ liệu khác")),
        )
    )


def _note(
    session: Session, kind: RecordKind, run: ImportRun, provinces: set[int | None], removed: int, restored: int
) -> None:
    for province_id in provinces:
        record(
            session,
            "undo_import",
            kind.name,
            run.file,
            province_id=province_id,
            before={"new": removed, "changed": restored},
            after={"new": 0, "changed": 0},
        )
