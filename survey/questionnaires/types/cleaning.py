"""Text as people wrote it, made plain."""

from __future__ import annotations

import unicodedata

from survey.foundation.text_sanitising import plain


def clean_text(text: str) -> str:
    """Text as people wrote it, plain, and with plain line ends."""
    return plain(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
