"""``flask survey …``: the group to which every room of `survey` adds its commands (``@survey_commands.command``)."""

from __future__ import annotations

from survey.foundation.text.text_commands import TextGroup

survey_commands = TextGroup("survey", help="Agencies, services, counters, caseloads, questionnaires, answers; backups.")
