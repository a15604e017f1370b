"""What the audit log calls an agency's caseloads of a month: its code and the month, written and read here alone."""

from __future__ import annotations

import re

WRITTEN = re.compile(r"(?P<code>[^/]+)/(?P<month>\d{4}-\d{2})")


def month_object(code: str, month: str) -> str:
    """The object id of an agency's month."""
    return f"{code}/{month}"


def agency_and_month(object_id: str) -> tuple[str, str] | None:
    """The code and the month of an object id; None for one that names something else, as a file that was imported."""
    written = WRITTEN.fullmatch(object_id)
    return (written["code"], written["month"]) if written else None
