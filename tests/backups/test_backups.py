"""A backup of either database restores on either database, whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import stat
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, delete, insert, select
from sqlalchemy.exc import DBAPIError

from survey.backups.archive import ArchiveWriter, Manifest, TableEntry
from survey.backups.column_types import column_type
from survey.backups.dump import tables_to_keep
from survey.backups.schema import current_revision, head_revision, known_revisions
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import UTC
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Province
from tests.registry_files.files import RESPONSES, importer
from tests.registry_files.files import make_world as make_imported_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.worlds import stored_world


def make_world(app: Flask) -> None:
    """Agencies, caseloads, responses and audit entries."""
    make_imported_world(app)
    with tempfile.TemporaryDirectory() as folder:
        result = importer(app.test_cli_runner(), Path(folder))("responses", RESPONSES)
    assert result.exit_code == 0, result.stderr


database_url = stored_world("imported_responses", make_world, "filled")


@pytest.fixture
def filled(app: Flask) -> Flask:
    """The application with agencies, caseloads, responses and audit entries."""
    return app


def survey(app: Flask, *arguments: object) -> Result:
    """Run `flask survey …`."""
    return app.test_cli_runner().invoke(args=["survey", *map(str, arguments)])


def content_of(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of keys; without the traces that restoring leaves."""
    with app.app_context():
        content = {
            table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables_to_keep()
        }
        db.session.rollback()
        content["audit_entries"] = [row for row in content["audit_entries"] if "restore" not in row]
        return content


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_restores_on_either_database(
    filled: Flask, tmp_path: Path, request: pytest.FixtureRequest, target: str
) -> None:
    file = tmp_path / "sao-luu.zip"
    assert survey(filled, "backup", file).exit_code == 0
    with request.getfixturevalue(f"{target}_databases").empty() as url, application(settings_for(url)) as other:
        result = survey(other, "restore", file)
        assert result.exit_code == 0, result.stderr
        assert content_of(other) == content_of(filled)
        with other.app_context():
            hospital = db.session.scalars(select(Agency).where(Agency.code == "BV")).one()
            kept = {name: getattr(hospital, name) for name in ("province_id", "kind", "level", "parent_id")}
            new = Agency(code="MOI", name="Trạm y tế", **kept)
            db.session.add(new)
            db.session.commit()
            assert new.id > hospital.id  # ids go on after the restored ones


LOG = "tables/audit_entries.jsonl"


def settings_for(url: str) -> Settings:
    """The settings of an application on that database."""
    return Settings(secret_key=SECRET_KEY, database_url=url, testing=True)


def test_a_restored_copy_gives_the_same_backup_again(filled: Flask, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    assert survey(filled, "backup", first).exit_code == 0
    assert survey(filled, "restore", first, "--force").exit_code == 0
    assert survey(filled, "backup", second).exit_code == 0
    with zipfile.ZipFile(first) as first_archive, zipfile.ZipFile(second) as two:
        kept, again = ({e.filename: e.CRC for e in archive.infolist()[:-1]} for archive in (first_archive, two))
        log, log_again = (archive.read(LOG) for archive in (first_archive, two))
    assert kept.pop(LOG) != again.pop(LOG)
    assert kept == again
    assert log_again.startswith(log)
    assert log_again.count(b"\n") == log.count(b"\n") + 1  # who looks later sees that the database was replaced
    assert b'"restore","database"' in log_again.replace(b", ", b",")


def test_a_database_with_data_is_only_replaced_when_told_so(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "sao-luu.zip"
    assert survey(filled, "backup", file).exit_code == 0
    before = content_of(filled)
    with filled.app_context():
        db.session.execute(insert(Province).values(key="ha-noi", name="Hà Nội"))
        db.session.commit()
    result = survey(filled, "restore", file)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert content_of(filled) != before
    assert survey(filled, "restore", file, "--force").exit_code == 0
    assert content_of(filled) == before


def test_a_backup_overwrites_no_file_and_nobody_else_may_read_it(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "sao-luu.zip"
    result = survey(filled, "backup", file, "--format", "json")
    assert json.loads(result.stdout)["rows"]["responses"] == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = file.read_bytes()
    result = survey(filled, "backup", file)
    assert result.exit_code == 2
    assert "đã có tệp này" in result.stderr
    assert file.read_bytes() == held
    assert [path.name for path in tmp_path.glob("*.zip*")] == ["sao-luu.zip"]


def _without(name: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            entries = {entry: archive.read(entry) for entry in archive.namelist() if entry != name}
        with zipfile.ZipFile(path, "w") as archive:
            for entry, content in entries.items():
                archive.writestr(entry, content)

    return spoil


def _changed(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    entries["tables/agencies.jsonl"] = entries["tables/agencies.jsonl"].replace(b"BV", b"XX")
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


DAMAGES = {
    "no manifest": _without("manifest.json"),
    "a table missing": _without("tables/responses.jsonl"),
    "a row changed": _changed,
    "cut short": _cut,
    "no file": Path.unlink,
}


def test_a_damaged_backup_is_refused_and_changes_nothing(
    filled: Flask, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    file = tmp_path / "sao-luu.zip"
    assert survey(filled, "backup", file).exit_code == 0
    whole, before = file.read_bytes(), content_of(filled)
    for damage, spoil in DAMAGES.items():
        with subtests.test(damage):
            file.write_bytes(whole)
            spoil(file)
            result = survey(filled, "restore", file, "--force")
            assert result.exit_code == 2
            assert "sao-luu.zip" in result.stderr
            assert content_of(filled) == before


def _with_revision(path: Path, revision: str) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    manifest = json.loads(entries["manifest.json"]) | {"revision": revision}
    entries["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)


def test_tables_that_are_only_added_to_can_be_restored_and_stay_guarded(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "sao-luu.zip"
    with filled.app_context():
        guard = GUARD[db.engine.dialect.name]
        for statement in guard:
            db.session.execute(DDL(statement))
        db.session.commit()
    assert survey(filled, "backup", file).exit_code == 0
    before = content_of(filled)
    result = survey(filled, "restore", file, "--force")
    assert result.exit_code == 0, result.stderr
    assert content_of(filled) == before
    with filled.app_context():
        with pytest.raises(DBAPIError, match="never"):
            db.session.execute(delete(AuditEntry))
        db.session.rollback()


GUARD = {
    "sqlite": ["CREATE TRIGGER guarded BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'never'); END"],
    "postgresql": [
        "CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$",
        "CREATE TRIGGER guarded BEFORE DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION guard()",
    ],
}


def test_a_backup_of_a_later_program_is_refused(filled: Flask, tmp_path: Path) -> None:
    file = tmp_path / "sao-luu.zip"
    assert survey(filled, "backup", file).exit_code == 0
    _with_revision(file, "9999")
    result = survey(filled, "restore", file, "--force")
    assert result.exit_code == 2
    assert "Nâng cấp chương trình trước" in result.stderr


def test_a_backup_of_an_earlier_program_is_brought_up_to_date(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "cu.zip"
    writer = ArchiveWriter(file)
    rows, digest = writer.write_table("provinces", [b'[7,"phu-yen","Ph\xc3\xba Y\xc3\xaan"]\n'])
    columns = [("id", "integer"), ("key", "text"), ("name", "text")]
    first = known_revisions_of(app)[0]
    writer.finish(Manifest(first, "2026-01-01T00:00:00+00:00", [TableEntry("provinces", columns, [], rows, digest)]))
    with app.app_context():
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(delete(table))
        db.session.commit()
    result = survey(app, "restore", file)
    assert result.exit_code == 0, result.stderr
    with app.app_context():
        assert current_revision(db.session.connection()) == head_revision()
        keys = set(db.session.scalars(select(Province.key)))
    assert keys == {"phu-yen", "dak-lak", "son-la", "an-giang"}  # what the program ships is there too


def test_a_row_that_breaks_a_rule_of_the_database_leaves_everything_as_it_was(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sao-luu.zip"
    assert survey(filled, "backup", file).exit_code == 0
    before = content_of(filled)
    monkeypatch.setattr("survey.backups.archive.Archive.rows", lambda _self, _table: iter([[None] * 99]))
    assert survey(filled, "restore", file, "--force").exit_code != 0
    assert content_of(filled) == before


def test_a_database_behind_the_program_is_told_to_migrate_first(app: Flask, tmp_path: Path) -> None:
    revisions = known_revisions_of(app)
    with app.app_context():
        flask_migrate.downgrade(revision=revisions[0] if len(revisions) > 1 else "base")
    result = survey(app, "backup", tmp_path / "sao-luu.zip")
    assert result.exit_code == 2
    assert "db upgrade" in result.stderr


def known_revisions_of(app: Flask) -> list[str]:
    """Every revision, oldest first."""
    with app.app_context():
        return known_revisions()


def test_every_column_of_every_table_can_be_held(app: Flask) -> None:
    with app.app_context():
        assert head_revision() == known_revisions()[-1]
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            kind = column_type(column.type)
            assert kind.name
            is_own = any(key.column.table is table for key in column.foreign_keys)
            assert not is_own or column.nullable, f"{table.name}.{column.name} must be nullable to be restored"


@pytest.mark.parametrize(
    "value",
    [None, {"vi": "Xã Ea Mới", "n": [1, 2.5, None, True]}],
)
def test_json_and_instants_come_back_as_they_were(app: Flask, database: SQLAlchemy, tmp_path: Path, value: Any) -> None:
    at = dt.datetime(2026, 10, 5, 7, 30, 1, 123456, tzinfo=UTC)
    database.session.add(AuditEntry(at=at, action="x", object_type="y", object_id="z", after=value))
    database.session.commit()
    file = tmp_path / "sao-luu.zip"
    assert survey(app, "backup", file).exit_code == 0
    assert survey(app, "restore", file, "--force").exit_code == 0
    database.session.expire_all()
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "x")).one()
    assert (entry.at, entry.after) == (at, value)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"SECRET_KEY": "another" * 8}, True),
        ({"SECRET_KEY": "another" * 8, "SECRET_KEY_FALLBACKS": [SECRET_KEY]}, False),
        ({}, False),
        ({"SECRET_KEY": "another" * 8, "HAS_PASSING_KEY": True}, False),
    ],
)
def test_a_backup_of_a_machine_with_another_key_says_what_does_not_work_until_its_key_is_there(
    filled: Flask, tmp_path: Path, changes: dict[str, Any], *, is_told: bool
) -> None:
    """A second server is installed with a key of its own: codes and second factors were dead without a word."""
    assert survey(filled, "backup", tmp_path / "a.zip").exit_code == 0
    filled.config.update(changes)
    restored = survey(filled, "restore", "--force", tmp_path / "a.zip")
    assert restored.exit_code == 0, restored.output
    assert ("SECRET_KEY_FALLBACKS" in restored.stderr) == is_told


@pytest.mark.one_database
def test_a_backup_says_nothing_by_which_a_key_could_be_known_again_elsewhere(filled: Flask, tmp_path: Path) -> None:
    keys = set()
    for name in ("a.zip", "b.zip"):
        assert survey(filled, "backup", tmp_path / name).exit_code == 0
        with zipfile.ZipFile(tmp_path / name) as archive:
            keys.add(json.loads(archive.read("manifest.json"))["key"])
    assert len(keys) == 2
    assert "" not in keys
