"""``flask survey questionnaires …``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.commands.new_files import write_whole
from survey.foundation.text.text_commands import TextGroup
from survey.questionnaires.definition_schema import file_schema
from survey.questionnaires.files import FileProblem, export_file, import_file

group = TextGroup("questionnaires", help="Questionnaires as files.")
survey_commands.add_command(group)


@group.command("schema")
@on_any_schema
def schema_command() -> None:
    """Print the JSON Schema of a questionnaire's file (docs/questionnaire.schema.json)."""
    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    """Publish the version a file holds; the same again changes nothing."""
    try:
        number, is_new = import_file(file.read_bytes())
    except FileProblem as problem:
        raise click.UsageError(f"{file.name}: {problem}") from problem
    click.echo(f"{'Đã công bố' if is_new else 'Đã có từ trước'}: bản {number}.")


@group.command("export")
@click.argument("key")
@click.argument("version", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_command(key: str, version: int, file: Path) -> None:
    """Write a version as a file that `import` takes."""
    try:
        write_whole(file, export_file(key, version).encode())
    except FileProblem as problem:
        raise click.UsageError(str(problem)) from problem
