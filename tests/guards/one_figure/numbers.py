"""Numbers as Vietnamese readers write them, read back."""

from __future__ import annotations

import re

PRINTED = re.compile(r"[\d.]+(,\d+)? %")


def count(text: str | None) -> int | None:
    digits = (text or "").replace(".", "")
    return int(digits) if digits.isdigit() else None


def number(text: str) -> float | None:
    return float(text) if text else None
