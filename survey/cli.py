"""``flask survey …``: import files, back up and restore. Exit 2 on bad input, with what is wrong on standard error."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from survey.backups.archive import BackupProblem, Manifest
from survey.backups.dump import backup, is_of_another_key
from survey.backups.encryption import encrypt, opened, plain_folder
from survey.backups.load import restore
from survey.backups.schema import holds_any
from survey.foundation.changes.audit import record
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.commands.long_commands import SAME_AGAIN, takes_long
from survey.foundation.commands.new_files import new_file, reason
from survey.foundation.commands.progress import progress
from survey.foundation.formatting import number
from survey.foundation.storage.database import db, writing
from survey.registry.files.export import export_lines
from survey.registry.files.given import Given, MoreNeeded
from survey.registry.files.problems import ImportRefused
from survey.registry.files.result import ImportOutcome
from survey.registry.files.service import FILE_IMPORTERS, RECORD_KINDS, Everything, import_file
from survey.registry.files.undoing import NotUndoable
from survey.registry.files.undoing import undo as undo_import
from survey.responses.models import ErasedAnswer
from survey.retention.service import erase_again

FORMAT = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)


OTHER_KEY = (
    "Bản sao lưu này làm với một SECRET_KEY khác khóa của máy này: mã người dân đang giữ, xác thực hai lớp của cán bộ "
    "và danh sách gọi điện chưa dùng được. Ghi khóa của máy cũ vào SECRET_KEY (hoặc thêm vào SECRET_KEY_FALLBACKS), "
    "khởi động lại dịch vụ; nếu máy cũ có xóa phiếu theo yêu cầu thì khôi phục lại lần nữa."
)


class Kind(click.ParamType[str]):
    """A kind of file that the parts of the program made known: `records` alone can be written, too."""

    name = "kind"

    def __init__(self, *, records: bool = False) -> None:
        self.records = records

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """One of the kinds there are when the command runs; anything else ends it with exit status 2."""
        kinds = (*RECORD_KINDS, *(() if self.records else FILE_IMPORTERS))
        if value not in kinds:
            self.fail(f"không có loại tệp {value!r}; dùng một trong: {', '.join(kinds)}.", param, ctx)
        return value


@survey_commands.command("import")
@click.option("--kind", type=Kind(), help="What the file holds.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--dry-run", is_flag=True, help="Check everything and say what would change; change nothing.")
@click.option("--agency", default="", help="Caseloads: the agency of a file that names none.")
@click.option("--year", default="", help="Caseloads: the year of a file whose months have none.")
@click.option("--month", default="", help="Caseloads: the month of a file that names none, as 2026-10.")
@click.option("--sheet", default="", help="The sheet to take in, where several hold such a table.")
@click.option("--undo", type=int, metavar="ID", help="Undo a whole import by the number it was given.")
@FORMAT
@takes_long("Đã dừng. Tệp được nhập cả hoặc không nhập gì; chạy lại đúng lệnh này là an toàn.")
def import_command(
    kind: str | None,
    file: Path | None,
    dry_run: bool,
    agency: str,
    year: str,
    month: str,
    sheet: str,
    undo: int | None,
    format_: str,
) -> None:
    """Take in FILE (CSV, XLSX, XLS or ODS), all of it or nothing. Its columns: docs/imports.md."""
    if undo is not None:
        _undo(undo, format_)
        return
    if kind is None or file is None:
        raise click.UsageError("cần --kind và FILE, hoặc --undo ID.")
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file}: không đọc được tệp ({error.strerror}). Kiểm tra đường dẫn và quyền đọc.")
    try:
        outcome = _import(kind, file.name, content, dry_run, Given(agency, year, month, sheet))
    except ImportRefused as refusal:
        fail("\n".join(refusal.lines()))
    if format_ == "json":
        click.echo(json.dumps(outcome.as_json(), ensure_ascii=False))
        return
    click.echo("\n".join(outcome.lines()))
    if outcome.run is not None:
        click.echo(f"Hoàn tác cả lần nhập này: flask --app wsgi survey import --undo {outcome.run}")


def _undo(run_id: int, format_: str) -> None:
    try:
        undone = undo_import(run_id, RECORD_KINDS, Everything())
    except NotUndoable as problem:
        fail(str(problem))
    counts = {"undone": undone.run, "file": undone.file, "removed": undone.removed, "restored": undone.restored}
    click.echo(json.dumps(counts, ensure_ascii=False) if format_ == "json" else undone.text())


def _import(kind: str, name: str, content: bytes, dry_run: bool, given: Given) -> ImportOutcome:
    """Import; on a terminal, ask for what the file does not say."""
    questions = {
        "agency": "Mã cơ quan của tệp này",
        "year": "Năm của các tháng trong tệp",
        "month": "Tháng của tệp này",
        "sheet": "Trang tính cần nhập",
    }
    while True:
        try:
            return import_file(kind, name, content, dry_run=dry_run, given=given)
        except MoreNeeded as refusal:
            if not sys.stdin.isatty():
                raise
            given = replace(given, **{need: click.prompt(questions[need]) for need in refusal.needs})


@survey_commands.command("export")
@click.option("--kind", type=Kind(records=True), required=True, help="What to write.")
@click.argument("file", type=click.Path(path_type=Path))
@takes_long(SAME_AGAIN)
def export_command(kind: str, file: Path) -> None:
    """Write all records of a kind to a new FILE (CSV) that `survey import` takes."""
    try:
        with new_file(file) as target:
            target.writelines(progress(export_lines(db.session(), RECORD_KINDS[kind]), "Ghi tệp"))
    except OSError as error:
        fail(f"{file}: không ghi được tệp ({reason(error)}).")
    click.echo(f"Đã ghi {file}.")


def fail(message: str) -> NoReturn:
    """End the command: bad input."""
    click.echo(message, err=True)
    raise SystemExit(2)


PASSPHRASE = click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="A file whose first line is the passphrase."
)


def passphrase_of(path: Path | None) -> str | None:
    """The first line of a file."""
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise BackupProblem(f"{path}: không đọc được cụm mật khẩu.") from error


def _backup(file: Path, recipients: tuple[str, ...], passphrase: str | None) -> Manifest:
    if not recipients and passphrase is None:
        return backup(file)
    if not file.parent.is_dir():
        raise BackupProblem(f"{file.parent}: không có thư mục này.")
    with plain_folder(file) as folder:
        manifest = backup(folder / "plain.zip")
        encrypt(folder / "plain.zip", file, recipients, passphrase)
    return manifest


@survey_commands.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--recipient", multiple=True, help="Encrypt for this age public key (age1…); may be given again.")
@PASSPHRASE
@FORMAT
@takes_long(SAME_AGAIN)
def backup_command(file: Path, recipient: tuple[str, ...], passphrase_file: Path | None, format_: str) -> None:
    """Write the whole database to a new FILE while the service runs; restores on SQLite and PostgreSQL alike."""
    try:
        manifest = _backup(file, recipient, passphrase_of(passphrase_file))
    except BackupProblem as problem:
        fail(str(problem))
    except OSError as problem:
        fail(f"{file}: không ghi được tệp ({reason(problem)}).")
    _say(manifest, file, format_, "Đã sao lưu vào")


@survey_commands.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
@click.option("--identity", type=click.Path(path_type=Path), help="The file of the age key that opens FILE.")
@PASSPHRASE
@FORMAT
@takes_long("Đã dừng. Dữ liệu cũ còn nguyên, hoặc đã được thay trọn vẹn. Chạy lại đúng lệnh này.")
@on_any_schema
def restore_command(file: Path, force: bool, identity: Path | None, passphrase_file: Path | None, format_: str) -> None:
    """Fill the database from FILE, made by this or an earlier version; all of it or nothing."""
    try:
        _refuse_passing_key()
        with opened(file, identity, passphrase_of(passphrase_file)) as plain:
            manifest = restore(plain, force=force)
    except BackupProblem as problem:
        fail(str(problem))
    with writing() as session:
        after = {"file": file.name, "made_at": manifest.made_at, "rows": manifest.rows}
        record(session, "restore", "database", manifest.revision, after=after)
    erased = erase_again(file.name)
    _say(manifest, file, format_, "Đã khôi phục từ")
    if erased and format_ == "text":
        click.echo(f"Đã xóa lại {number(erased)} phiếu, phản ánh từng xóa theo yêu cầu.")
    if is_of_another_key(manifest):
        click.echo(OTHER_KEY, err=True)


def _refuse_passing_key() -> None:
    # What was erased is known by digests under the server's key alone: with another, the backup would bring it back.
    with db.engine.connect() as connection:
        has_erased = holds_any(connection, (ErasedAnswer.__tablename__,))
    if has_erased and current_app.config.get("HAS_PASSING_KEY"):
        raise BackupProblem("Có phiếu đã xóa theo yêu cầu. Đặt SECRET_KEY của máy chủ trước, để chúng không trở lại.")


def _say(manifest: Manifest, file: Path, format_: str, done: str) -> None:
    if format_ == "json":
        counts = {table.name: table.rows for table in manifest.tables}
        click.echo(json.dumps({"file": file.name, "revision": manifest.revision, "rows": counts}))
    else:
        click.echo(f"{done} {file}: {len(manifest.tables)} bảng, {number(manifest.rows)} dòng.")
