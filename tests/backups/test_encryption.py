"""A copied backup gives nothing: it is encrypted for a key or a passphrase, and its restore is rehearsed here."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyrage
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from survey.accounts.models import User
from survey.foundation.configuration.settings import Settings
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.staff import make_user


@pytest.fixture
def backup(app: Flask, runner: FlaskCliRunner, tmp_path: Path):
    """Writes a backup of a database with one account; gives its path."""
    make_user(app, "can-bo", "officer")

    def make(*options: str) -> Path:
        path = tmp_path / "all.age"
        result = runner.invoke(args=["survey", "backup", str(path), *options])
        assert result.exit_code == 0, result.output
        return path

    return make


def restored(databases: DatabaseFactory, path: Path, *options: str) -> tuple[int, str, list[str]]:
    """What comes of restoring into a new database: exit status, what was said, the accounts there."""
    with (
        databases.migrated() as url,
        application(Settings(secret_key=SECRET_KEY, database_url=url, testing=True)) as app,
    ):
        result = app.test_cli_runner().invoke(args=["survey", "restore", str(path), *options])
        with app.app_context():
            from survey.foundation.storage.database import db

            names = list(db.session.scalars(select(User.username)))
    return result.exit_code, result.output, names


def test_a_backup_for_a_key_is_restored_with_that_key_alone(
    backup, sqlite_databases: DatabaseFactory, tmp_path: Path
) -> None:
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    path = backup("--recipient", str(key.to_public()))
    assert path.stat().st_mode & 0o077 == 0
    content = path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert not any(word in content for word in (b"can-bo", b"manifest.json", b"PK"[:2] + b"\x03\x04"))
    assert [path.name for path in tmp_path.iterdir()] == ["all.age"], "nothing plain is left beside it"
    (tmp_path / "key").write_text(f"# created by age-keygen\n{key}\n", encoding="utf-8")
    (tmp_path / "other").write_text(str(other), encoding="utf-8")
    assert restored(sqlite_databases, path, "--identity", str(tmp_path / "key"))[::2] == (0, ["can-bo"])
    for options in ((), ("--identity", str(tmp_path / "other")), ("--identity", str(tmp_path / "nowhere"))):
        status, said, names = restored(sqlite_databases, path, *options)
        assert (status, names) == (2, [])
        assert said.startswith(str(tmp_path))


def test_a_backup_for_a_passphrase_opens_with_it(backup, sqlite_databases: DatabaseFactory, tmp_path: Path) -> None:
    words, wrong = tmp_path / "words", tmp_path / "wrong"
    words.write_text("một cụm mật khẩu dài\n", encoding="utf-8")
    wrong.write_text("một cụm mật khẩu khác\n", encoding="utf-8")
    path = backup("--passphrase-file", str(words))
    assert restored(sqlite_databases, path, "--passphrase-file", str(words))[::2] == (0, ["can-bo"])
    assert restored(sqlite_databases, path, "--passphrase-file", str(wrong))[0] == 2


@pytest.mark.parametrize("options", [("--recipient", "age1x"), ("--recipient", "ssh-rsa x")])
def test_a_recipient_that_is_none_is_named_and_nothing_is_written(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, options: tuple[str, ...]
) -> None:
    result = runner.invoke(args=["survey", "backup", str(tmp_path / "all.age"), *options])
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert options[1] in result.output


def test_the_program_age_opens_it_too(backup, tmp_path: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    path = backup("--recipient", str(key.to_public()))
    (tmp_path / "key").write_text(str(key), encoding="utf-8")
    opened = subprocess.run(["age", "-d", "-i", tmp_path / "key", path], capture_output=True, check=True)
    assert opened.stdout.startswith(b"PK")
