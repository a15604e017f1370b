"""``flask analysis …``: every room of `analysis` adds its commands to it (``@analysis_commands.command``)."""

from __future__ import annotations

from survey.foundation.text.text_commands import TextGroup

analysis_commands = TextGroup("analysis", help="Estimates, targets, verdicts, reports.")
