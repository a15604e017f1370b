"""What every import of records shares: compare rows with what is stored, and say what would change."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sqlalchemy import Column as Column_
from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from survey.foundation.batched import batched
from survey.foundation.storage.database import Base
from survey.registry.files.columns import FileColumn
from survey.registry.files.given import Given
from survey.registry.files.headings import Headings
from survey.registry.files.problems import Problems
from survey.registry.files.rows import RecordRow, key_of
from survey.registry.files.spelling import Spelling
from survey.registry.files.tables import FileTable

Key = tuple[Any, ...]
CHUNK = 500  # rows a statement: SQLite allows 32,766 parameters


class ImportScope(Protocol):
    """Whom the import is made for: which records it may touch."""

    def allows(self, province_id: int | None, sector: str | None = None, agency_id: int | None = None) -> bool:
        """Whether records of this province, sector and agency may change; province None: shared by all provinces."""


@dataclass(frozen=True)
class Stored:
    """A record as it is now: its row id, and its values in the file's terms (codes, not ids)."""

    id: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A row against what is stored. `after` is the whole record; `before` None: it is new."""

    line: int | None
    key: Key
    id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any]
    sound: bool = True  # False: some cells could not be read, and their values here are the defaults

    @property
    def differs(self) -> bool:
        """Whether writing it would change anything."""
        return self.before != self.after

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """(before, after) of each value that changes."""
        before = self.before or {}
        return {name: (before.get(name), value) for name, value in self.after.items() if before.get(name) != value}


class RecordKind(ABC):
    """One kind of record that can be imported: its columns, and how it is compared, checked and written."""

    name: ClassVar[str]
    columns: ClassVar[tuple[FileColumn, ...]]
    key_names: ClassVar[tuple[str, ...]] = ("code",)
    table_name: ClassVar[str] = ""

    @property
    def key(self) -> tuple[FileColumn, ...]:
        """The columns that tell records apart."""
        return tuple(column for column in self.columns if column.name in self.key_names)

    def headings(self) -> Headings:
        """What a header of such a file may say."""
        return Headings.of(self.name, self.columns)

    def unfold(
        self, session: Session, table: FileTable, spelling: Spelling, given: Given, problems: Problems
    ) -> FileTable:
        """The table with a line a record, where offices also keep other layouts."""
        return table

    @abstractmethod
    def fetch(self, session: Session, rows: Sequence[RecordRow]) -> dict[Key, Stored]:
        """What is stored, by key: at least the records that the rows are about."""

    def fetch_all(self, session: Session) -> dict[Key, Stored]:
        """Everything that is stored."""
        return self.fetch(session, ())

    def rests_on(self, session: Session) -> Hashable:
        """A value that changes with everything that `fetch` and `check` read; None: nothing tells, they are asked anew.

        A plan made before others waited for its lock is still good while this stands.
        """
        return None

    @abstractmethod
    def check(self, session: Session, changes: Sequence[Change], scope: ImportScope, problems: Problems) -> None:
        """Note everything that the columns alone cannot tell: unknown codes, circles, contradictions, scope."""

    @abstractmethod
    def write(self, session: Session, changes: Sequence[Change]) -> None:
        """Store changes that were checked; all of them differ from what is stored."""

    @property
    def table(self) -> Table | None:
        """Where the records lie; None: an import of them cannot be undone as a whole."""
        return Base.metadata.tables[self.table_name] if self.table_name else None

    def remove(self, session: Session, ids: Sequence[int]) -> None:
        """Delete records that an undone import had added; nothing but they themselves refers to them any more."""
        if self.table is not None:
            delete_where(session, self.table.c.id, ids)

    @abstractmethod
    def provinces(self, session: Session, changes: Sequence[Change]) -> Mapping[Key, int | None]:
        """The province each change belongs to, for the audit log; None: shared by all provinces."""


def compare(kind: RecordKind, rows: Iterable[RecordRow], stored: Mapping[Key, Stored]) -> list[Change]:
    """Each row against the record of the same key. A column that the file lacks keeps its stored value."""
    defaults = {column.name: column.default for column in kind.columns}
    changes = []
    for row in rows:
        key = key_of(row, kind.key) or ()
        record = stored.get(key)
        before = record.values if record else None
        after = {**defaults, **(before or {}), **row.values}
        changes.append(Change(row.line, key, record.id if record else None, before, after, row.sound))
    return changes


def delete_where(session: Session, column: Column_[Any], values: Sequence[int]) -> None:
    """Delete the rows of a table whose column holds one of the values, some at a time."""
    for some in batched(values, CHUNK):
        session.execute(delete(column.table).where(column.in_(some)))


def key_of_values(kind: RecordKind, values: Mapping[str, Any]) -> Key:
    """The key of a record's values."""
    return tuple(values.get(column.name, column.default) for column in kind.key)


def object_name(key: Key) -> str:
    """How the audit log names a record."""
    return "/".join(str(part) for part in key if part)


def json_values(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Values as the audit log keeps them."""
    return None if values is None else {name: _json(value) for name, value in values.items()}


def _json(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
