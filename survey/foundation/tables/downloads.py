"""Long files are sent as they are read, but not before the first of them has been read well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

from flask import Response, stream_with_context

Part = TypeVar("Part", str, bytes)


def streamed(parts: Iterator[Part], content_type: str, headers: Mapping[str, str]) -> Response:
    """An answer whose parts are made while it is sent.

    Once its head is sent an answer can only be cut short, so whatever hinders a file from its beginning, a database
    that cannot serve, say, is met here and answered as on any page.
    """
    whole: Iterator[Part] = iter(()) if (first := next(parts, None)) is None else chain([first], parts)
    return Response(stream_with_context(whole), content_type=content_type, headers=dict(headers))
