"""One record from a form of the desk: read, checked and written by the very rules of the imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.changes.audit import record
from survey.foundation.identifiers import content_hash
from survey.registry.files.problems import ImportRefused, Problem, Problems
from survey.registry.files.records import Change, ImportScope, RecordKind, compare, json_values, object_name
from survey.registry.files.rows import read_row
from survey.registry.files.spelling import Spelling, spell
from survey.registry.files.tables import FileTable

FORM = "form"


class EditRefused(ValueError):
    """The form's values cannot be stored; `problems` name the column each belongs to. Nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(len(problems))
        self.problems = problems

    def by_column(self) -> dict[str, list[str]]:
        """Messages for each field of the form."""
        messages: dict[str, list[str]] = {}
        for problem in self.problems:
            messages.setdefault(problem.column or "", []).append(f"{problem.message} {problem.mend}".strip())
        return messages


def seen_version(values: Mapping[str, Any] | None) -> str:
    """A mark of the values a form was filled with: another mark when it is sent back means someone else was faster."""
    return content_hash(json_values(values))


def save_record(
    session: Session, kind: RecordKind, texts: Mapping[str, str], scope: ImportScope, *, new: bool, seen: str = ""
) -> Change:
    """Store a new record, or change one, inside the caller's transaction, and note it in the audit log.

    `texts` holds what was typed, by column; columns left out keep what is stored.

    Raises:
        EditRefused: with everything that is wrong.
    """
    change = check_record(session, kind, texts, scope, new=new, seen=seen)
    if change.differs:
        kind.write(session, [change])
        _note(session, kind, change)
    return change


def check_record(
    session: Session, kind: RecordKind, texts: Mapping[str, str], scope: ImportScope, *, new: bool, seen: str = ""
) -> Change:
    """What `save_record` would store, without storing it.

    Raises:
        EditRefused: with everything that is wrong.
    """
    problems = Problems(FORM)
    columns = [column for column in kind.columns if column.name in texts]
    table = FileTable([column.name for column in columns], [(0, [texts[column.name] for column in columns])])
    spell(Spelling(session), kind.name, columns, kind.key_names, table, problems)
    row = read_row(None, table.rows[0][1], columns, problems)
    change = compare(kind, [row], kind.fetch(session, [row]))[0]
    _refuse_clashes(change, problems, new, seen)
    kind.check(session, [change], scope, problems)
    try:
        problems.refuse_if_any()
    except ImportRefused as refusal:
        raise EditRefused(refusal.problems) from refusal
    return change


def _refuse_clashes(change: Change, problems: Problems, new: bool, seen: str) -> None:
    if new and change.before is not None:
        problems.add(
            _("Mã này đã có."), _("Chọn mã khác; mã đã dùng không dùng lại."), column="code", value=change.key[0]
        )
    elif not new and seen != seen_version(change.before):
        problems.add(
            _("Người khác vừa sửa mục này sau khi Ông/Bà mở trang."),
            _("Mở lại trang để xem bản mới, rồi sửa tiếp."),
        )


def _note(session: Session, kind: RecordKind, change: Change) -> None:
    record(
        session,
        "create" if change.before is None else "change",
        kind.name,
        object_name(change.key),
        province_id=kind.provinces(session, [change])[change.key],
        before=json_values(change.before),
        after=json_values(change.after),
    )
