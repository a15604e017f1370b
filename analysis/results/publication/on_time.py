"""Solved on time by the register, as published: counts of dossiers, so nobody's answer can be read from them.

Stored with the publication like everything else in it; a caseload corrected later changes nothing that was published.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.periods.models import Closing
from analysis.targets.on_time_queries import BY, OnTime, OnTimeScope, fetch_on_time
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTORS


def on_time_json(province_id: int, period: Period) -> dict[str, list[dict[str, Any]]] | None:
    """Rows by agency, service and month; None where no caseload says how many were late."""
    scope = OnTimeScope(province_id, tuple(period.months), tuple(SECTORS))
    tables = {by: [_row(row, by) for row in fetch_on_time(scope, by)] for by in BY}
    return tables if tables["month"] else None


def agency_on_time(closings: Iterable[Closing], code: str) -> list[tuple[Period, dict[str, Any]]]:
    """One agency's row of every publication that has it, in their order."""
    return [
        (Period.parse(closing.period), row)
        for closing in closings
        for row in ((closing.figures or {}).get("on_time") or {}).get("agency", [])
        if row["domain"] == code
    ]


def _row(row: OnTime, by: str) -> dict[str, Any]:
    label = Period.parse(row.code).label() if by == "month" else row.name
    return {"domain": row.code, "label": label, "dossiers": row.dossiers, "overdue": row.overdue, "share": row.share}
