"""Phản ánh, kiến nghị: what came, what was answered, what is late. Counts of the office's own work, nobody's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.presentation import labels
from analysis.reports.case_queries import CaseCounts, CaseScope, count_cases
from analysis.reports.context import Brief
from analysis.reports.queries import fetch_codes
from analysis.reports.recorded_queries import agency_ids
from analysis.statistics.counts import share_of
from survey.foundation.formatting import number, percent
from survey.foundation.object_cache import once_for_each


def cases_words(brief: Brief) -> str:
    """One or two sentences."""
    counts = case_counts(brief)
    when = labels.within(brief.period)
    if not counts.opened:
        return f"Trong {when} không có ý kiến nào được chuyển thành phản ánh, kiến nghị phải trả lời."
    share = percent(share_of(counts.in_time, counts.answered + counts.overdue))
    late = f"; {number(counts.overdue)} quá hạn chưa trả lời" if counts.overdue else "; không phản ánh nào quá hạn"
    timely = f" Trả lời đúng hạn: {share} số phản ánh đã đến hạn hoặc đã trả lời." if counts.answered else ""
    return (
        f"Trong {when} tiếp nhận {number(counts.opened)} phản ánh, kiến nghị; đã trả lời {number(counts.answered)}"
        f"{late}.{timely}"
    )


@once_for_each
def case_counts(brief: Brief) -> CaseCounts:
    """The counts of the report's agencies and sectors, as they stood at the end of the cut-off."""
    return count_cases(_scope(brief))


def cases_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts with what is needed to count again."""
    scope, agencies = _scope(brief), brief.recipient.agencies
    asked = {
        "sectors": list(scope.sectors),
        "first": scope.first.isoformat(),
        "last": scope.last.isoformat(),
        "agencies": None if agencies is None else fetch_codes(agencies),
    }
    return [{**asked, **vars(case_counts(brief))}]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """Stored counts made anew from the database."""
    asked = {name: stored[name] for name in ("sectors", "first", "last", "agencies")}
    scope = CaseScope(
        province_id,
        tuple(asked["sectors"]),
        dt.date.fromisoformat(asked["first"]),
        dt.date.fromisoformat(asked["last"]),
        None if asked["agencies"] is None else agency_ids(asked["agencies"]),
    )
    return {**asked, **vars(count_cases(scope))}


def _scope(brief: Brief) -> CaseScope:
    return CaseScope(
        brief.province_id, brief.sectors, brief.period.first_day, brief.cut_off, agencies=brief.recipient.agencies
    )
