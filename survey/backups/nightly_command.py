"""`flask survey backup-nightly`, `rehearse-restore`, `watch`, `alarm`: what timers call, and who is told."""

from __future__ import annotations

import datetime as dt
import errno
import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from survey.backups import nightly, watch
from survey.backups.archive import BackupProblem
from survey.foundation import mail
from survey.foundation.clock import from_timestamp, now, today
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.commands.long_commands import GOES_ON, SAME_AGAIN, takes_long
from survey.foundation.commands.new_files import in_words
from survey.foundation.configuration.settings import Settings
from survey.foundation.formatting import number

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
FULL = {errno.ENOSPC, errno.EDQUOT}
AGAIN_AFTER = dt.timedelta(hours=6)  # before the same unit is told of again


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@survey_commands.command("backup-nightly")
@FOLDER
@takes_long(GOES_ON)
def backup_nightly(folder: Path) -> None:
    """Back up into FOLDER under today's name, copy as BACKUP_COPY_TO says, drop what is older than BACKUP_DAYS."""
    settings = _settings()
    days, elsewhere = settings.backup_days, Path(settings.backup_copy_to)
    try:
        path = _with_room(folder, days, lambda: nightly.make(folder))
        click.echo(f"Đã sao lưu vào {path}.")
        _drop(folder, days)
        if settings.backup_copy_to:
            key = settings.backup_recipient
            copy = _with_room(elsewhere, days, lambda: nightly.copy_elsewhere(path, elsewhere, key))
            click.echo(f"Đã chép bản mã hóa vào {copy}.")
            _drop(elsewhere, days)
    except (BackupProblem, OSError) as problem:
        _failed(_told(problem), 2)


def _with_room(folder: Path, days: int, write: Callable[[], Path]) -> Path:
    # Where a disk is full, what is too old anyway goes first: afterwards there would be no afterwards, night by night.
    try:
        return write()
    except OSError as error:
        if error.errno not in FULL or not _drop(folder, days):
            raise
    return write()


def _drop(folder: Path, days: int) -> list[Path]:
    dropped = nightly.drop_unfinished(folder) + nightly.drop_old(folder, days, today())
    for old in dropped:
        click.echo(f"Đã bỏ bản cũ {old}.")
    return dropped


def _told(problem: BackupProblem | OSError) -> str:
    return in_words(problem) if isinstance(problem, OSError) else str(problem)


@survey_commands.command("rehearse-restore")
@FOLDER
@takes_long(SAME_AGAIN)
@on_any_schema
def rehearse_restore(folder: Path) -> None:
    """Restore the newest backup of FOLDER into a database of its own and count its rows; nothing else is touched."""
    path = nightly.newest(folder)
    if path is None:
        _failed(f"{folder}: chưa có bản sao lưu nào.")
    try:
        rows = nightly.rehearse(path)
    except (BackupProblem, OSError) as problem:
        _failed(_told(problem))
    else:
        click.echo(f"Đã khôi phục thử {path}: đủ {number(rows)} dòng.")


@survey_commands.command("watch")
@FOLDER
@click.option("--address", default="http://127.0.0.1:8000/readyz", show_default=True)
@on_any_schema
def watch_command(folder: Path, address: str) -> None:
    """Exit with status 1 when the service is silent, the disk nearly full or the newest backup in FOLDER old."""
    problems = watch.problems(folder, address, now())
    if problems:
        _failed("\n".join(problems))


@survey_commands.command("alarm")
@click.argument("unit")
@on_any_schema
def alarm(unit: str) -> None:
    """Mail ALARM_MAIL that a systemd UNIT failed; the same unit not again within six hours."""
    server, to = mail.server_from_settings(), _settings().alarm_mail
    text = f"{unit} trên máy {socket.gethostname()} không chạy được. Xem: journalctl -u {unit} -n 50"
    click.echo(text)
    if server is None or not to:
        click.echo("Không gửi thư: chưa có SMTP_URL hoặc ALARM_MAIL.")
        return
    told = Path.home() / "alarms" / unit.replace("/", "_")
    if told.exists() and now() - from_timestamp(told.stat().st_mtime) < AGAIN_AFTER:
        click.echo("Đã báo trong sáu giờ qua.")
        return
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, to, f"Hài lòng: {unit} không chạy được"
    message.set_content(f"{text}\n\nViệc cần làm: docs/operations.vi.md.\n")
    try:
        mail.send(server, message)
    except (smtplib.SMTPException, OSError) as error:
        _failed(f"Không gửi được thư: {mail.words(error)}")
    with suppress(OSError):  # on a full disk it is told again each time
        told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        told.touch()


def _failed(message: str, status: int = 1) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(status)
