"""Hài lòng trong tiếp nhận, giải quyết TTHC by Quyết định 766/QĐ-TTg: between what bounds it lies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from analysis.figures.case_queries import CaseScope
from analysis.figures.dossiers_content import SECTOR, DossiersContent, dossiers_content, question_for
from analysis.figures.query import FigureQuery
from analysis.reports.context import Brief
from analysis.reports.parts.cases import offices_reading
from analysis.reports.recorded_queries import agency_codes, agency_ids
from survey.feedback.reach_queries import not_accusing
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import between, number, percent
from survey.foundation.periods import Period
from survey.responses.dropped_words import has_all_words


def dossiers_words(brief: Brief) -> str:
    """One sentence; '' where the report is not about procedures, or there are no dossiers or no reports any more."""
    if SECTOR not in brief.sectors or not has_all_words(brief.period.first_day):
        return ""
    told = _content(brief)
    if not told.handled:
        return ""
    name = "Hài lòng trong tiếp nhận, giải quyết thủ tục hành chính theo Quyết định 766/QĐ-TTg"
    if told.low is None or told.high is None:
        return f"{name}: chưa tính được, vì chưa đơn vị nào ghi số hồ sơ trễ hạn."
    why = []
    if percent(told.low) != percent(told.high):
        why.append("không biết hồ sơ nào vừa trễ hạn, vừa bị phản ánh hay đánh giá không hài lòng")
    if told.unsaid:
        why.append(f"{number(told.unsaid)} hồ sơ chưa ghi có trễ hạn hay không: tính cả hai cách")
    noted = f" ({'; '.join(why)})" if why else ""
    return f"{name}: {between(told.low, told.high)} trong {number(told.handled)} hồ sơ{noted}."


def dossiers_json(brief: Brief) -> list[dict[str, Any]]:
    """The bounds with what is needed to reckon them again; empty where the report is not about procedures."""
    if SECTOR not in brief.sectors:
        return []
    agencies = brief.recipient.agencies
    asked = {
        "province": brief.province_key,
        "period": brief.period.code,
        "until": brief.cut_off.isoformat(),
        "received_before": brief.closed_at.isoformat() if brief.closed_at else None,
        "agencies": None if agencies is None else agency_codes(agencies),
        "offices": agency_codes(offices_reading(brief)),
    }
    return [{**asked, **vars(_content(brief))}]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any] | None:
    """Stored bounds made anew from the database, None where reports about them are not kept any more.

    Documents from before name no offices, and count everything.
    """
    names = ("province", "period", "until", "received_before", "agencies", "offices")
    asked = {name: stored[name] for name in names if name in stored}
    if not has_all_words(Period.parse(asked["period"], days=True).first_day):
        return None
    agencies, at = asked["agencies"], asked["received_before"]
    question = question_for(
        asked["province"],
        Period.parse(asked["period"], days=True),
        dt.date.fromisoformat(asked["until"]),
        None if agencies is None else agency_ids(agencies),
    )
    received_before = dt.datetime.fromisoformat(at) if at else None
    offices = agency_ids(asked.get("offices", []))
    return {**asked, **vars(_between(province_id, replace(question, received_before=received_before), offices))}


@once_for_each
def _content(brief: Brief) -> DossiersContent:
    question = question_for(brief.province_key, brief.period, brief.cut_off, brief.recipient.agencies)
    return _between(brief.province_id, replace(question, received_before=brief.closed_at), offices_reading(brief))


def _between(province_id: int, question: FigureQuery, offices: Collection[int]) -> DossiersContent:
    until, counted = question.until or question.period.last_day, not_accusing(offices)
    scope = CaseScope(province_id, (SECTOR,), question.period.first_day, until, question.agencies, counted)
    return dossiers_content(question, scope)
