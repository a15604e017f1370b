"""`flask analysis archive`: a province's finished months as Parquet files, for whoever counts a country."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from analysis.archive.manifest import ArchiveProblem
from analysis.command_group import analysis_commands
from analysis.figures.register import UnknownProvince, fetch_province
from analysis.periods.queries import fetch_provinces
from survey.accounts.permissions import Action
from survey.foundation.changes.audit import record
from survey.foundation.commands.long_commands import GOES_ON, takes_long
from survey.foundation.commands.new_files import in_words
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.registry.models import Province

if TYPE_CHECKING:  # Arrow is read when the command needs it: servers would carry it for nothing
    from analysis.archive.files import ArchiveFolder


@analysis_commands.command()
@click.option("--to", "place", required=True, metavar="DIR|s3://…", help="Thư mục hoặc kho S3 nhận tệp.")
@click.option("--province", "keys", multiple=True, metavar="KEY", help="Chỉ tỉnh này (nhiều lần: nhiều tỉnh).")
@click.option("--until", metavar="2026-09", help="Chỉ đến tháng này; mặc định: mọi tháng đã qua.")
@with_appcontext
@takes_long(GOES_ON)
def archive(place: str, keys: tuple[str, ...], until: str | None) -> None:
    """Lưu các tháng đã qua của mỗi tỉnh thành tệp Parquet; tháng không đổi thì không ghi lại."""
    from analysis.archive.files import ArchiveFolder
    from analysis.archive.queries import has_agencies
    from analysis.archive.writing import archive_province

    try:
        folder = ArchiveFolder(place)
        last = until and _month(until)
        provinces = [fetch_province(key) for key in keys] or fetch_provinces()
        for province in provinces:
            if not has_agencies(province):  # every installation knows provinces that others archive at the same place
                click.echo(f"{province.key}: không có cơ quan nào ở đây, không lưu.")
                continue
            wrote = archive_province(folder, province, last)
            if wrote:
                _note(province, folder)
            click.echo(f"{province.key}: " + ("đã lưu." if wrote else "không có gì mới."))
    except (ArchiveProblem, UnknownProvince, OSError, ValueError) as problem:
        click.echo(in_words(problem) if isinstance(problem, OSError) else str(problem), err=True)
        sys.exit(2)


def _note(province: Province, folder: ArchiveFolder) -> None:
    """Leave in the audit log that a province's answers were written out, and where to."""
    id_, where = province.id, {"to": folder.named}
    with writing() as session:
        record(session, Action.EXPORT_FIGURES.value, "export", "archive", province_id=id_, after=where)


def _month(text: str) -> str:
    period = Period.parse(text)
    if period.kind != "month":
        raise ValueError(f"--until {text}: hãy viết một tháng, như 2026-09.")
    return period.code
