"""The file: ``manifest.json`` and one ``tables/<name>.jsonl`` a table, in an order that foreign keys allow."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from survey.foundation.commands.new_files import put_in_place
from survey.foundation.identifiers import new_id
from survey.foundation.tables.archives import DAMAGED

FORMAT = "hai-long-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"


class BackupProblem(ValueError):
    """A backup that cannot be made or used; the message says why and how to mend it. Nothing was changed."""


@dataclass(frozen=True)
class TableEntry:
    """One table: its columns as (name, kind of value), those that point back into the table, and a check sum."""

    name: str
    columns: list[tuple[str, str]]
    pointing_back: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: the schema's revision, when it was made (ISO 8601, UTC) and its tables in order.

    `key`: a digest of the moment under the SECRET_KEY that codes and second factors in it rest on; '' where unknown.
    """

    revision: str
    made_at: str
    tables: list[TableEntry]
    key: str = ""

    @property
    def rows(self) -> int:
        """How many rows all tables hold."""
        return sum(table.rows for table in self.tables)


class ArchiveWriter:
    """Writes an archive beside its place and moves it there when it is whole and on disk."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise BackupProblem(_("%(path)s: đã có tệp này. Chọn tên khác.", path=str(path)))
        if not path.parent.is_dir():
            raise BackupProblem(_("%(path)s: không có thư mục này.", path=str(path.parent)))
        self._path = path
        self._draft = path.with_name(f".{path.name}.{new_id()}")
        # It holds password digests and comments: nobody else may read it.
        self._file = os.fdopen(os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def write_table(self, name: str, lines: Iterable[bytes]) -> tuple[int, str]:
        """Write the rows of a table; returns how many there were and their check sum."""
        count, digest = 0, hashlib.sha256()
        with self._zip.open(_entry(name), "w", force_zip64=True) as entry:
            for line in lines:
                entry.write(line)
                digest.update(line)
                count += 1
        return count, digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and put the archive in its place."""
        head = {"format": FORMAT, "format_version": FORMAT_VERSION}
        self._zip.writestr(MANIFEST, json.dumps(head | asdict(manifest), ensure_ascii=False, indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        put_in_place(self._draft, self._path)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._draft.unlink(missing_ok=True)  # first: on a full disk it is what fills it
        for closing in (self._zip, self._file):
            with suppress(OSError, ValueError):  # where not even the end of an archive can be written any more
                closing.close()


class Archive:
    """An archive being read; everything in it is checked before it is given out."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGED as error:
            raise BackupProblem(_("%(path)s: không phải tệp sao lưu (%(e)s).", path=str(path), e=str(error))) from error
        self._path = path
        self.manifest = self._manifest()
        self._check_sums()

    def rows(self, table: TableEntry) -> Generator[list[Any], None, None]:
        """The rows of a table as JSON values, in the order of its columns."""
        with self._zip.open(_entry(table.name)) as entry:
            for line in entry:
                yield json.loads(line)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _manifest(self) -> Manifest:
        try:
            held = json.loads(self._zip.read(MANIFEST))
            if (held["format"], held["format_version"]) != (FORMAT, FORMAT_VERSION):
                raise self._damaged(_("định dạng khác"))
            tables = [
                TableEntry(**{**table, "columns": [(name, kind) for name, kind in table["columns"]]})
                for table in held["tables"]
            ]
            return Manifest(held["revision"], held["made_at"], tables, str(held.get("key", "")))
        except BackupProblem:
            raise
        except (*DAMAGED, TypeError) as error:
            raise self._damaged(MANIFEST) from error

    def _check_sums(self) -> None:
        for table in self.manifest.tables:
            digest = hashlib.sha256()
            try:
                with self._zip.open(_entry(table.name)) as entry:
                    while chunk := entry.read(1 << 20):
                        digest.update(chunk)
            except DAMAGED as error:
                raise self._damaged(table.name) from error
            if digest.hexdigest() != table.sha256:
                raise self._damaged(table.name)

    def _damaged(self, what: str) -> BackupProblem:
        return BackupProblem(
            _("%(path)s: tệp sao lưu hỏng (%(what)s). Dùng một bản sao khác.", path=str(self._path), what=what)
        )


def _entry(table: str) -> str:
    return f"tables/{table}.jsonl"
