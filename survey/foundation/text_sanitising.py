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
    """The fields of an address or a form, all their texts plain; a file is as it came, for its reader to make plain.

    `read` names the fields that somebody looked at: the others mean nothing here and must not live on in links.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]] = ()) -> None:
        self.read: set[str] = set()
        super().__init__((name, plain(value) if isinstance(value, str) else value) for name, value in fields)

    def __getitem__(self, name: str) -> Any:
        """The first value; also what `get` and forms come to."""
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        """Whether there is such a field."""
        self.read.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, type: Any = None) -> list[Any]:
        """Every value."""
        self.read.add(name)
        return super().getlist(name, type)


class PlainRequest(Request):
    """A request whose search words and form fields can be shown and stored: nothing else need look at them again."""

    parameter_storage_class = PlainTexts
