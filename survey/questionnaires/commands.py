"""``flask survey questionnaires …``."""

from __future__ import annotations

import json

import click

from survey.foundation.command_group import survey_commands
from survey.foundation.text_commands import TextGroup
from survey.questionnaires.definition_schema import file_schema

group = TextGroup("questionnaires", help="Questionnaires as files.")
survey_commands.add_command(group)


@group.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a questionnaire's file (docs/questionnaire.schema.json)."""
    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))
