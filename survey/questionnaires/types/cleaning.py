"""Text as people wrote it, made one text."""

from __future__ import annotations

from survey.foundation.text.vietnamese_text import normal


def clean_text(text: str) -> str:
    """Text as people wrote it, `normal`, and with plain line ends."""
    return normal(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
