"""The year that a page of the desk is asked about."""

from __future__ import annotations

from flask import abort

from survey.foundation.clock import today

FIRST = 2000


def year_asked(asked: str | None, usual: int) -> int:
    """`usual` where an address names none; 404 for what is no year from 2000 to this one."""
    if asked is None:
        return usual
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and FIRST <= int(asked) <= today().year):
        abort(404)
    return int(asked)
