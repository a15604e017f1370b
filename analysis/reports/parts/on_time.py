"""Solved on time, by the register: beside satisfaction, never mixed with it. A count, so without an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable
from analysis.reports.on_time_queries import OnTime, OnTimeScope, fetch_on_time
from analysis.reports.queries import fetch_codes
from analysis.reports.recorded_queries import agency_ids
from analysis.statistics.counts import share_of
from survey.foundation.formatting import number, percent
from survey.foundation.object_cache import once_for_each

NOTE = (
    "Theo số hồ sơ đã giải quyết và số trễ hạn do đơn vị gửi; đơn vị, tháng chưa ghi số trễ hạn không nằm trong bảng. "
    "Xếp từ tỷ lệ thấp đến cao."
)


def on_time_words(brief: Brief) -> str:
    """One sentence; '' where no caseload says how many were late."""
    rows = on_time(brief)
    if not rows:
        return ""
    dossiers = sum(row.dossiers for row in rows)
    return f"Giải quyết đúng hạn theo sổ: {_share(rows)} trong {number(dossiers)} hồ sơ có ghi số trễ hạn."


def on_time_table(brief: Brief) -> tuple[Block, ...]:
    """One row an agency, the latest first."""
    rows = sorted(on_time(brief), key=lambda row: (-(share_of(row.overdue, row.dossiers) or 0.0), row.name))
    if len(rows) < 2:  # the sentence has said it
        return ()
    columns = (
        Column("Cơ quan, đơn vị", 3.6),
        Column("Hồ sơ đã giải quyết", 1.2, "right"),
        Column("Trễ hạn", 1, "right"),
        Column("Đúng hạn", 1, "right"),
    )
    cells = tuple((row.name, number(row.dossiers), number(row.overdue), _share([row])) for row in rows)
    caption = brief.captions.table(f"Giải quyết đúng hạn theo đơn vị, {brief.period.label()}")
    return (DocumentTable(caption, columns, cells, NOTE),)


@once_for_each
def on_time(brief: Brief) -> list[OnTime]:
    """The report's agencies whose caseloads say how many were late."""
    return fetch_on_time(_scope(brief))


def on_time_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts with what is needed to count again."""
    scope, agencies = _scope(brief), brief.recipient.agencies
    asked = {
        "months": list(scope.months),
        "sectors": list(scope.sectors),
        "agencies": None if agencies is None else fetch_codes(agencies),
    }
    return [{**asked, "by_agency": _plain(on_time(brief))}]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """Stored counts made anew from the database."""
    asked = {name: stored[name] for name in ("months", "sectors", "agencies")}
    agencies = None if asked["agencies"] is None else agency_ids(asked["agencies"])
    scope = OnTimeScope(province_id, tuple(asked["months"]), tuple(asked["sectors"]), agencies)
    return {**asked, "by_agency": _plain(fetch_on_time(scope))}


def _scope(brief: Brief) -> OnTimeScope:
    return OnTimeScope(brief.province_id, tuple(brief.period.months), brief.sectors, brief.recipient.agencies)


def _plain(rows: Sequence[OnTime]) -> dict[str, list[int]]:
    return {row.code: [row.dossiers, row.overdue] for row in rows}


def _share(rows: Sequence[OnTime]) -> str:
    dossiers = sum(row.dossiers for row in rows)
    return percent(share_of(dossiers - sum(row.overdue for row in rows), dossiers))
