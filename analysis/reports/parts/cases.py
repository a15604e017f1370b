"""Phản ánh, kiến nghị: what came, what was answered, what is late. Counts of the office's own work, nobody's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.figures.case_queries import CaseScope
from analysis.figures.cases import case_tables
from analysis.presentation import labels
from analysis.reports.context import Brief
from analysis.reports.queries import fetch_codes
from analysis.reports.recorded_queries import agency_ids
from analysis.statistics.case_ratios import CaseFigures
from analysis.statistics.counts import share_of
from analysis.statistics.disclosure.primary import hidden_count
from survey.foundation.formatting import number, percent
from survey.foundation.object_cache import once_for_each


def cases_words(brief: Brief) -> str:
    """A few sentences."""
    counts = case_counts(brief)
    when = labels.within(brief.period)
    if not counts.received:
        return f"Trong {when} không có ý kiến nào được chuyển thành phản ánh, kiến nghị phải trả lời."
    share = percent(share_of(counts.in_time, counts.answered + counts.overdue))
    late = f"; {number(counts.overdue)} quá hạn chưa trả lời" if counts.overdue else "; không phản ánh nào quá hạn"
    timely = f" Trả lời đúng hạn: {share} số phản ánh đã đến hạn hoặc đã trả lời." if counts.answered else ""
    return (
        f"Trong {when} tiếp nhận {number(counts.received)} phản ánh, kiến nghị; đã trả lời {number(counts.answered)}"
        f"{late}.{timely}{_redirected(counts)}{_judged(counts)}{_of_decision_766(counts)}"
    )


def _redirected(counts: CaseFigures) -> str:
    elsewhere = counts.received - counts.competent
    return f" {number(elsewhere)} khiếu nại, tố cáo đã hướng dẫn đến nơi có thẩm quyền." if elsewhere else ""


def _judged(counts: CaseFigures) -> str:
    """What the writers said of the answers; a few of them would be known by what they said."""
    if hidden_count(counts.helped + counts.not_helped) or hidden_count(counts.not_helped):
        return ""
    said = number(counts.helped + counts.not_helped)
    return (
        f" Người viết cho biết trả lời giải quyết được: {percent(counts.helped_share)} của {said} ý kiến đánh giá;"
        f" {number(counts.reopened)} phản ánh xem lại."
    )


def _of_decision_766(counts: CaseFigures) -> str:
    """Its two ratios about phản ánh, kiến nghị, as it defines them: who says nothing counts as content."""
    if not counts.competent:
        return ""
    timely = f" Theo Quyết định 766/QĐ-TTg: xử lý đúng hạn {percent(counts.on_time_share)}"
    few = counts.unhappy - counts.late > 0 and hidden_count(counts.unhappy - counts.late)
    content = "" if few else f", hài lòng trong xử lý {percent(counts.content_share)}"
    return f"{timely}{content} số phản ánh thuộc thẩm quyền."


@once_for_each
def case_counts(brief: Brief) -> CaseFigures:
    """The counts of the report's agencies and sectors, as they stood at the end of the cut-off."""
    return case_tables(_scope(brief)).total


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
    counted = vars(case_tables(scope).total)
    return {**asked, **{name: counted[name] for name in stored if name in counted}}


def _scope(brief: Brief) -> CaseScope:
    return CaseScope(
        brief.province_id, brief.sectors, brief.period.first_day, brief.cut_off, agencies=brief.recipient.agencies
    )
