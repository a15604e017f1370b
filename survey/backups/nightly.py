"""Backups of every night: made, copied elsewhere encrypted, dropped when old, restored to see whether they can be."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

import click
from flask_babel import gettext as _

from survey.backups.archive import BackupProblem
from survey.backups.dump import backup
from survey.backups.encryption import encrypt
from survey.foundation.clock import LOCAL, from_timestamp, now
from survey.foundation.commands.progress import progress
from survey.foundation.configuration.settings import ROOT

NAME = re.compile(r"(\d{4}-\d\d-\d\d)(T\d{6})?\.zip(\.age)?$")
DRAFT = re.compile(rf"\.{NAME.pattern[:-1]}\.[0-9a-f-]{{36}}$")
ROOM = 4  # times the rows as text: their database and what is written before it is settled
NOBODY_WRITES = dt.timedelta(hours=12)  # to a draft so old: whoever did was killed
MONTHS_KEPT = 366  # days that the first backup of each month is kept


def make(folder: Path) -> Path:
    """A backup of now, readable by its owner alone, under its day's name.

    Raises:
        BackupProblem, OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = now().astimezone(LOCAL)
    path = folder / f"{moment:%Y-%m-%d}.zip"
    if path.exists():
        path = folder / f"{moment:%Y-%m-%dT%H%M%S}.zip"
    backup(path)
    return path


def copy_elsewhere(path: Path, folder: Path, recipient: str) -> Path:
    """An encrypted copy in another machine's folder.

    Raises:
        BackupProblem: the folder is not there (its disk is not mounted), or the key is none.
    """
    if not folder.is_dir():
        raise BackupProblem(
            _("BACKUP_COPY_TO: %(folder)s: không có thư mục này (ổ đĩa đã gắn chưa?).", folder=str(folder))
        )
    copy = folder / f"{path.name}.age"
    encrypt(path, copy, (recipient,), None)
    return copy


def day_of(path: Path) -> dt.date | None:
    """The day in a backup's name; None for other files, which are never dropped."""
    match = NAME.fullmatch(path.name)
    return dt.date.fromisoformat(match[1]) if match else None


def drop_old(folder: Path, days: int, today: dt.date) -> list[Path]:
    """Drop backups older than `days`; the first of each month stays for a year, the newest always."""
    dated = sorted((day, path) for path in folder.iterdir() if (day := day_of(path)))
    first_of_month: dict[tuple[int, int], Path] = {}
    for day, path in dated:
        first_of_month.setdefault((day.year, day.month), path)
    kept = {path for path in first_of_month.values() if (today - (day_of(path) or today)).days <= MONTHS_KEPT}
    old = [path for day, path in dated[:-1] if (today - day).days > days and path not in kept]
    for path in old:
        path.unlink()
    return old


def drop_unfinished(folder: Path) -> list[Path]:
    """Drop what backups that were killed, as by a power cut, have left: it would stay for ever, whole as it may be."""
    drafts = [path for path in folder.iterdir() if DRAFT.fullmatch(path.name) and path.is_file()]
    left = [path for path in drafts if now() - from_timestamp(path.stat().st_mtime) > NOBODY_WRITES]
    for path in left:
        path.unlink()
    return left


def newest(folder: Path) -> Path | None:
    """The newest backup of a folder that this server can read itself."""
    made = [path for path in folder.glob("*.zip") if day_of(path)] if folder.is_dir() else []
    return max(made, key=lambda path: path.stat().st_mtime, default=None)


def rehearse(path: Path) -> int:
    """Restore a backup into a database of its own, count every table again and forget it. Gives the number of rows.

    Raises:
        BackupProblem: it cannot be restored, or a table has not the rows it should.
    """
    with tempfile.TemporaryDirectory(prefix="hai-long-rehearsal-") as folder:
        _refuse_without_room(path, folder)
        database = Path(folder) / "rehearsal.sqlite3"
        command = ["env", f"DATABASE_URL=sqlite:///{database}", sys.executable, "-m", "flask", "--app", "wsgi"]
        restore = [*command, "survey", "restore", str(path.resolve()), "--format", "json"]
        status, output, said = run_telling(restore)
        if status != 0:
            raise BackupProblem(_("%(path)s: không khôi phục được: %(said)s", path=str(path), said=said.strip()))
        wanted: dict[str, int] = json.loads(output)["rows"]
        with closing(sqlite3.connect(database)) as connection:
            for table, rows in progress(wanted.items(), _("Đếm lại các bảng"), len(wanted)):
                (restored,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
                # Restoring writes one entry of its own into the audit log, and a new stamp.
                if restored < rows:
                    raise BackupProblem(
                        _(
                            "%(path)s: bảng %(table)s có %(found)s dòng, cần %(rows)s.",
                            path=str(path),
                            table=table,
                            found=restored,
                            rows=rows,
                        )
                    )
        return sum(wanted.values())


def _refuse_without_room(path: Path, folder: str) -> None:
    # The service may store its answers on the same disk: a rehearsal must not be what fills it.
    try:
        with zipfile.ZipFile(path) as archive:
            needed = ROOM * sum(entry.file_size for entry in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        return  # restoring it says what is wrong
    if shutil.disk_usage(folder).free < needed:
        raise BackupProblem(
            _("Ổ đĩa của %(folder)s không đủ chỗ để khôi phục thử: cần %(mb)s MB.", folder=folder, mb=needed // 2**20)
        )


def run_telling(command: list[str]) -> tuple[int, str, str]:
    """Run a long command and pass on what it tells of its progress; its exit status and what it wrote, both ways."""
    told = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None, "it is a pipe"
        assert running.stderr is not None, "it is a pipe"
        for line in running.stderr:  # what it writes the other way at its end is short: a line
            told.append(line)
            click.echo(line, err=True, nl=False)
        return running.wait(), running.stdout.read(), "".join(told)
