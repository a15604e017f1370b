"""What a request brings is made one text at once: nothing behind it meets another form of a letter."""

from __future__ import annotations

from collections.abc import Iterable
from string import printable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from survey.foundation.text.vietnamese_text import normal, plain

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

AS_TYPED = frozenset({"password", "current", "new", "again"})  # passwords: `accounts.passwords` knows their forms


class PlainTexts(ImmutableMultiDict[str, Any]):
    """The fields of an address or a form, all their texts `normal`; a file is as it came, for its reader.

    `read` names the fields that somebody looked at: the others mean nothing here and must not live on in links.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]] = ()) -> None:
        self.read: set[str] = set()
        super().__init__((name, _one(name, value) if isinstance(value, str) else value) for name, value in fields)

    def __getitem__(self, name: str) -> Any:
        """The first value."""
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, key: str, *given: Any, **options: Any) -> Any:
        """The first value, or the default: most fields asked for are not there, and Werkzeug would raise for each."""
        if key in self:
            return super().get(key, *given, **options)
        return given[0] if given else options.get("default")

    def __contains__(self, name: object) -> bool:
        """Whether there is such a field."""
        self.read.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, type: Any = None) -> list[Any]:
        """Every value."""
        self.read.add(name)
        return super().getlist(name, type)


def _one(name: str, text: str) -> str:
    return plain(text) if name in AS_TYPED else normal(text)


class PlainRequest(Request):
    """A request whose search words and form fields can be shown and stored: nothing else need look at them again."""

    parameter_storage_class = PlainTexts

    def __init__(self, environ: WSGIEnvironment, *given: Any, **options: Any) -> None:
        """Bytes that an address says outright are read as those that it says by %: signs of no text become marks."""
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query, safe=printable, encoding="latin-1")
        super().__init__(environ, *given, **options)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON, for programs that ask with `force`; None for forms, which no page sends as JSON.

        Flask-WTF would otherwise fill every form from whatever JSON somebody sends.
        """
        return super().get_json(force, silent, cache) if force else None
