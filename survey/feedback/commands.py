"""``flask survey remind``."""

from __future__ import annotations

import click

from survey.feedback.reminders import remind
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.formatting import number


@survey_commands.command("remind")
def remind_command() -> None:
    """Mail who holds a case that is half-way or late, each once; for a job that runs often."""
    outcome = remind()
    click.echo(f"Đã gửi {number(outcome.sent)} thư nhắc; {number(outcome.unsent)} phản ánh chưa gửi được thư.")
