"""``flask analysis import-reference FILE``: official figures of other years."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.command_group import analysis_commands
from analysis.presentation.command_line import as_format, refuse
from analysis.reference.importing import ReferenceFigureRecords
from survey.registry.files.given import Given
from survey.registry.files.problems import ImportRefused
from survey.registry.files.service import import_records


@analysis_commands.command("import-reference")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and say what would change; change nothing.")
@click.option("--sheet", default="", help="The sheet to take in, where several hold such a table.")
@as_format
def import_reference(file: Path, dry_run: bool, sheet: str, format_: str) -> None:
    """Take in official figures (CSV in UTF-8, or XLSX): province,year,indicator,value,rank,source."""
    try:
        content = file.read_bytes()
    except OSError as error:
        refuse(f"{file}: không đọc được tệp ({error.strerror}). Kiểm tra đường dẫn và quyền đọc.")
    try:
        outcome = import_records(
            ReferenceFigureRecords(), file.name, content, dry_run=dry_run, given=Given(sheet=sheet)
        )
    except ImportRefused as refusal:
        refuse("\n".join(refusal.lines()))
    click.echo(json.dumps(outcome.as_json(), ensure_ascii=False) if format_ == "json" else "\n".join(outcome.lines()))
