"""How long caches keep what is published."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template


def cacheable(answer: Response) -> Response:
    """The same answer, which any cache may keep for five minutes and give to everybody."""
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def public_page(template: str, **context: Any) -> Response:
    """A page that any cache may keep."""
    return cacheable(make_response(render_template(template, **context)))
