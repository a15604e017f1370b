"""Text without the characters that neither a page nor a database may hold, however it came in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

# HTML's "control code points" but tab and line ends, and its "noncharacters" (https://infra.spec.whatwg.org/#code-points).
_LAST_OF_EACH_PLANE = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNPRINTABLE = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_LAST_OF_EACH_PLANE}]")


def plain(text: str) -> str:
    """The text without control characters (tabs and line ends stay) and noncharacters."""
    return _UNPRINTABLE.sub("", text)


class PlainTexts(ImmutableMultiDict[str, Any]):
    """The fields of an address or a form, all their texts plain; a file is as it came, for its reader to make plain."""

    def __init__(self, fields: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__((name, plain(value) if isinstance(value, str) else value) for name, value in fields)


class PlainRequest(Request):
    """A request whose search words and form fields can be shown and stored: nothing else need look at them again."""

    parameter_storage_class = PlainTexts
