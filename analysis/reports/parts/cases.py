"""Phản ánh, kiến nghị: what came, what was answered, what is late. Counts of the office's own work, nobody's words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.figures.case_queries import CaseScope
from analysis.figures.cases import CaseTables, case_tables
from analysis.figures.register import fetch_register
from analysis.figures.suppression.told_cases import ToldCases, told_tables
from analysis.measures.models import Measure
from analysis.measures.origin_queries import fetch_measures_after_replies
from analysis.presentation import labels
from analysis.reports.context import Brief
from analysis.reports.document import Block, Bullets, Column, DocumentTable, Paragraph
from analysis.reports.parts.measures import BODY_ROWS, FOLLOWED
from analysis.reports.recorded_queries import agency_codes, agency_ids
from analysis.statistics.case_ratios import CaseFigures
from analysis.statistics.counts import share_of
from analysis.statistics.disclosure.primary import hidden_count
from survey.feedback.kinds import KIND_WORDS
from survey.feedback.office_queries import departments_of, taken_over_by
from survey.feedback.reach_queries import not_accusing
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import ABSENT, date, number, percent
from survey.foundation.periods import Period, shift_month

COLUMNS = (
    Column("Nhận", 0.8, "right"),
    Column("Đúng hạn", 1, "right"),
    Column("Hài lòng trong xử lý", 1.2, "right"),
    Column("Giải quyết được", 1.1, "right"),
    Column("Xem lại", 0.9, "right"),
)
NOT_KEPT = "Phản ánh, kiến nghị đã giải quyết chỉ được giữ hai năm, nên của {when} không còn đủ để đếm."
NOTE = (
    "Không có dòng: dưới 5 phản ánh, hoặc trừ ra sẽ biết dòng như vậy; “–”: giữ lại vì ít người nói. Đúng hạn, hài "
    "lòng trong xử lý: theo Quyết định 766/QĐ-TTg, trên số thuộc thẩm quyền; người không nói gì được tính là hài lòng."
)


def cases_words(brief: Brief) -> str:
    """A few sentences."""
    counts = case_counts(brief)
    when = labels.within(brief.period)
    if not has_all_cases(brief):
        return NOT_KEPT.format(when=when)
    if not counts.received:
        return f"Trong {when} không có ý kiến nào được chuyển thành phản ánh, kiến nghị phải trả lời.{_without(brief)}"
    share = percent(share_of(counts.in_time, counts.answered + counts.overdue))
    late = f"; {number(counts.overdue)} quá hạn chưa trả lời" if counts.overdue else "; không phản ánh nào quá hạn"
    timely = f" Trả lời đúng hạn: {share} số phản ánh đã đến hạn hoặc đã trả lời." if counts.answered else ""
    return (
        f"Trong {when} tiếp nhận {number(counts.received)} phản ánh, kiến nghị; đã trả lời {number(counts.answered)}"
        f"{late}.{timely}{_redirected(counts)}{_judged(counts)}{_of_decision_766(counts)}{_without(brief)}"
    )


def _without(brief: Brief) -> str:
    """What its reader is not told of, whether there is any or not."""
    own = brief.recipient.agency_id is not None
    return " Không kể phản ánh về thái độ và tố cáo đối với chính cơ quan: cấp trên xử lý." if own else ""


def cases_tables(brief: Brief) -> tuple[Block, ...]:
    """By kind, and by agency where there are several; what may not be told is left out."""
    groups, total = _told(_tables(brief), brief.province_id)
    if total is None:
        return ()
    blocks: list[Block] = []
    for by, name in (("kind", "Loại"), ("agency", "Cơ quan, đơn vị được phản ánh")):
        rows = groups[by]
        if not rows or (by == "agency" and brief.recipient.is_single):
            continue
        labels_by_key = {kind: str(words) for kind, words in KIND_WORDS.items()} if by == "kind" else _names(brief)
        cells = [(labels_by_key[key], *_cells(row)) for key, row in rows.items()]
        caption = brief.captions.table(f"Phản ánh, kiến nghị theo {name.lower()}, {brief.period.label()}")
        blocks.append(DocumentTable(caption, (Column(name, 3.2), *COLUMNS), (*cells, ("Tất cả", *_cells(total))), NOTE))
    return tuple(blocks)


def changed_because(brief: Brief) -> tuple[Block, ...]:
    """What was done because of reports whose replies are public; nothing where there is none."""
    first = Period.parse(shift_month(brief.period.last, -FOLLOWED)).first_day
    sectors, agencies = brief.sectors, brief.recipient.agencies
    done = fetch_measures_after_replies(brief.province_id, sectors, agencies, (first, brief.cut_off))
    if not done:
        return ()
    shown = done[:BODY_ROWS]
    rest = f" (nêu {len(shown)} trong {len(done)} việc)" if len(done) > len(shown) else ""
    lead = Paragraph(f"Việc đã làm vì phản ánh, kiến nghị có trả lời công khai{rest}:", style="lead")
    return (lead, Bullets(tuple(map(_done, shown))))


def _done(measure: Measure) -> str:
    place = measure.agency.name + (f", {measure.service.name}" if measure.service else "")
    return f"{measure.what.rstrip('. ')} ({place}; từ ngày {date(measure.starts_on)})."


def _cells(row: ToldCases) -> tuple[str, ...]:
    counts = (ABSENT if count is None else number(count) for count in (row.helped, row.reopened))
    return (number(row.received), percent(row.on_time), percent(row.content), *counts)


def _names(brief: Brief) -> dict[str, str]:
    return {agency.code: agency.name for agency in fetch_register(brief.province_id).agencies.values()}


def _told(tables: CaseTables, province_id: int) -> tuple[dict[str, dict[str, ToldCases]], ToldCases | None]:
    """The rows that may be told, by kind and by agency (its code), and all of them together."""
    agencies = fetch_register(province_id).agencies
    codes = {id_: agencies[id_].code for id_ in tables.agencies}
    kinds = {kind: tables.kinds[kind] for kind in KIND_WORDS if kind in tables.kinds}
    places = {codes[id_]: tables.agencies[id_] for id_ in sorted(tables.agencies, key=lambda id_: codes[id_])}
    return told_tables({"kind": kinds, "agency": places}, tables.total)


def _plain(tables: CaseTables, province_id: int) -> dict[str, dict[str, list[float | None]]]:
    return {
        by: {key: list(vars(row).values()) for key, row in rows.items()}
        for by, rows in _told(tables, province_id)[0].items()
    }


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
    if not counts.answered and not counts.late:
        return " Tất cả còn trong hạn trả lời, nên chưa tính tỷ lệ theo Quyết định 766/QĐ-TTg."
    timely = f" Theo Quyết định 766/QĐ-TTg: xử lý đúng hạn {percent(counts.on_time_share)}"
    few = counts.unhappy - counts.late > 0 and hidden_count(counts.unhappy - counts.late)
    content = "" if few else f", hài lòng trong xử lý {percent(counts.content_share)}"
    running = f", tính cả {number(counts.running)} phản ánh còn trong hạn" if counts.running else ""
    return f"{timely}{content} số phản ánh thuộc thẩm quyền{running}."


def has_all_cases(brief: Brief) -> bool:
    """Whether none of the report's cases was dropped for its age: else there is nothing that could be counted."""
    return _scope(brief).is_whole


@once_for_each
def case_counts(brief: Brief) -> CaseFigures:
    """The counts of the report's agencies and sectors, as they stood at the end of the cut-off."""
    return _tables(brief).total


@once_for_each
def _tables(brief: Brief) -> CaseTables:
    return case_tables(_scope(brief))


def cases_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts with what is needed to count again."""
    scope, agencies = _scope(brief), brief.recipient.agencies
    if not scope.is_whole:
        return []
    asked = {
        "sectors": list(scope.sectors),
        "first": scope.first.isoformat(),
        "last": scope.last.isoformat(),
        "agencies": None if agencies is None else agency_codes(agencies),
        "offices": agency_codes(offices_reading(brief)),
    }
    return [{**asked, **vars(case_counts(brief)), "rows": _plain(_tables(brief), brief.province_id)}]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any] | None:
    """Stored counts made anew from the database, None where cases are not kept any more.

    Documents from before name no offices, and count everything.
    """
    names = ("sectors", "first", "last", "agencies", "offices")
    asked: dict[str, Any] = {name: stored[name] for name in names if name in stored}
    scope = CaseScope(
        province_id,
        tuple(asked["sectors"]),
        dt.date.fromisoformat(asked["first"]),
        dt.date.fromisoformat(asked["last"]),
        None if asked["agencies"] is None else agency_ids(asked["agencies"]),
        not_accusing(agency_ids(asked.get("offices", []))),
    )
    if not scope.is_whole:
        return None
    tables = case_tables(scope)
    counted = {**vars(tables.total), "rows": _plain(tables, province_id)}
    return {**asked, **{name: counted[name] for name in stored if name in counted}}


def _scope(brief: Brief) -> CaseScope:
    period, agencies = brief.period, brief.recipient.agencies
    counted = not_accusing(offices_reading(brief))
    return CaseScope(brief.province_id, brief.sectors, period.first_day, brief.cut_off, agencies, counted)


def offices_reading(brief: Brief) -> frozenset[int]:
    """Whose people read the report: the agency's, or those of the Sở of its sectors; and whom these took over."""
    if brief.recipient.agency_id is not None:
        return taken_over_by(frozenset({brief.recipient.agency_id}))
    departments = (departments_of(brief.province_id, sector) for sector in brief.sectors)
    return taken_over_by(frozenset[int]().union(*departments))
