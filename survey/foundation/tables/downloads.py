"""Long files are sent as they are read, but not before the first of them has been read well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

from flask import Response
from flask.ctx import RequestContext
from flask.globals import request_ctx

from survey.foundation.this_app import behind

Part = TypeVar("Part", str, bytes)


def streamed(parts: Iterator[Part], content_type: str, headers: Mapping[str, str]) -> Response:
    """An answer whose parts are made while it is sent.

    Once its head is sent an answer can only be cut short, so whatever hinders a file from its beginning, a database
    that cannot serve, say, is met here and answered as on any page.
    """
    sending = _while_sent(parts, behind(request_ctx))
    next(sending)
    return Response(cast("Iterator[Part]", sending), content_type=content_type, headers=dict(headers))


def _while_sent(parts: Iterator[Part], context: RequestContext) -> Iterator[Part | None]:
    """Nothing once the first part is read, then all parts.

    The request's context, with its reading transaction, lasts from the first part to the last: Flask's own
    `stream_with_context` ends it in between, and PostgreSQL forgets the rows that were not fetched.
    """
    with context:
        first = next(parts, None)
        yield None
        if first is not None:
            yield first
            yield from parts
