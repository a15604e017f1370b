"""``flask survey …``: the group to which every room of `survey` adds its commands (``@survey_commands.command``)."""

from __future__ import annotations

from flask.cli import AppGroup

survey_commands = AppGroup("survey", help="Agencies, services, counters, caseloads, questionnaires, answers; backups.")
