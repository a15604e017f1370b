"""What posters, cards and slips say: a language's pack must hold it all, so that they can speak it too."""

from __future__ import annotations

from flask import Flask

from survey.channels.sheets.rendering import STEPS, TITLE, WORDS
from survey.foundation.languages.citizen_texts import register_citizen_texts, said_by

WHERE = "poster"


def init_said_on_sheets(app: Flask) -> None:
    """Let every pack be asked for these texts."""
    register_citizen_texts(app, WHERE, lambda: said_by((TITLE, *WORDS.values(), *STEPS), WHERE))
