"""What programs send and read, described for their makers: features register JSON Schemas and OpenAPI documents here.

``flask --app wsgi survey schemas docs`` (`make schemas`) writes them all; a test holds the files to the models.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.command_problems import on_any_schema
from survey.foundation.commands.new_files import write_whole
from survey.foundation.registered import PerApp

Describe = Callable[[Flask], dict[str, Any]]
SCHEMAS: PerApp[Describe] = PerApp("schema")


def register_schema(app: Flask, file_name: str, describe: Describe) -> None:
    """Let `describe` be written to a file of that name."""
    SCHEMAS.add(app, file_name, describe)


def schema_files() -> Iterator[tuple[str, str]]:
    """Every registered file's name and text."""
    for name, describe in SCHEMAS.members().items():
        yield name, json.dumps(describe(current_app), ensure_ascii=False, indent=2) + "\n"


@survey_commands.command("schemas")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
@on_any_schema
def schemas_command(folder: Path) -> None:
    """Write the JSON Schemas and the OpenAPI description into FOLDER."""
    for name, text in schema_files():
        write_whole(folder / name, text.encode())
        click.echo(str(folder / name))
