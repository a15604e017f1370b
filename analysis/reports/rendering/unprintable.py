"""Tells staff which of their words hold signs that the document's font does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import flash, session
from flask_babel import gettext as _

from analysis.reports.document import Document
from survey.foundation.typesetting.printable import printable

MOST = 5  # places named; who mends these sees the rest the next time
AROUND = 25  # letters shown on either side of the first such sign
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_SIGN = re.compile(r"U\+([0-9A-F]+)")


def places(document: Document) -> dict[str, str]:
    """Words around a sign the font does not have -> those signs, each place that reads alike once."""
    return {
        _around(_text_at(document, path), next(_signs(told))): told for path, told in printable(document).signs.items()
    }


def notice(document: Document) -> str:
    """What to say of it, words and signs named; '' where the font has everything."""
    unprintable = places(document)
    if not unprintable:
        return ""
    named = "; ".join(f"“{words}” ({told})" for words, told in list(unprintable.items())[:MOST])
    said: str = _(
        "Có ký tự mà phông chữ của tài liệu không có: %(places)s. Tài liệu vẫn được lập, in dấu thay cho ký tự đó; nếu "
        "cần, sửa chữ ở nơi đã nhập rồi lập lại.",
        places=named,
    )
    return said


def tell(document: Document) -> None:
    """Say it on the next page of the desk, once."""
    said = notice(document)
    if said and ["warning", said] not in [list(flashed) for flashed in session.get("_flashes", [])]:
        flash(said, "warning")


def _signs(told: str) -> Iterator[str]:
    return (chr(int(number, 16)) for number in _SIGN.findall(told))


def _around(text: str, sign: str) -> str:
    at = text.find(sign)
    start, end = max(at - AROUND, 0), at + AROUND
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _text_at(value: Any, path: str) -> str:
    for name, index in _STEP.findall(path):
        value = getattr(value, name) if name else value[int(index)]
    return str(value)
