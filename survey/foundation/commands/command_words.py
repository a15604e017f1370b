"""What the command-line library says itself - an unknown option, a missing value - in the language of the terminal."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from survey.foundation.languages.language import terminal_language

DOMAIN = "click"  # translations/vi/LC_MESSAGES/click.po; its own English needs none


def speak_as_the_terminal() -> None:
    """From here on Click takes its words from our catalogue, where ours speak Vietnamese: without a locale, too."""
    gettext.bindtextdomain(DOMAIN, str(Path(__file__).parents[1] / "translations"))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = terminal_language()
