"""`flask survey backup-nightly`, `rehearse-restore`, `watch`, `alarm`: what timers call, and who is told."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from survey.backups import nightly, watch
from survey.backups.archive import BackupProblem
from survey.foundation import mail
from survey.foundation.clock import from_timestamp, now, today
from survey.foundation.command_group import survey_commands
from survey.foundation.formatting import number
from survey.foundation.long_commands import GOES_ON, SAME_AGAIN, takes_long
from survey.foundation.settings import Settings

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
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
    try:
        path = nightly.make(folder)
        click.echo(f"Đã sao lưu vào {path}.")
        if settings.backup_copy_to:
            copy = nightly.copy_elsewhere(path, Path(settings.backup_copy_to), settings.backup_recipient)
            click.echo(f"Đã chép bản mã hóa vào {copy}.")
        for place in filter(None, (str(folder), settings.backup_copy_to)):
            for old in nightly.drop_old(Path(place), settings.backup_days, today()):
                click.echo(f"Đã bỏ bản cũ {old}.")
    except (BackupProblem, OSError) as problem:
        _failed(str(problem), 2)


@survey_commands.command("rehearse-restore")
@FOLDER
@takes_long(SAME_AGAIN)
def rehearse_restore(folder: Path) -> None:
    """Restore the newest backup of FOLDER into a database of its own and count its rows; nothing else is touched."""
    path = nightly.newest(folder)
    if path is None:
        _failed(f"{folder}: chưa có bản sao lưu nào.")
    try:
        rows = nightly.rehearse(path)
    except (BackupProblem, OSError) as problem:
        _failed(str(problem))
    else:
        click.echo(f"Đã khôi phục thử {path}: đủ {number(rows)} dòng.")


@survey_commands.command("watch")
@FOLDER
@click.option("--address", default="http://127.0.0.1:8000/readyz", show_default=True)
def watch_command(folder: Path, address: str) -> None:
    """Exit with status 1 when the service is silent, the disk nearly full or the newest backup in FOLDER old."""
    problems = watch.problems(folder, address, now())
    if problems:
        _failed("\n".join(problems))


@survey_commands.command("alarm")
@click.argument("unit")
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
    told.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    told.touch()


def _failed(message: str, status: int = 1) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(status)
