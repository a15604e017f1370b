"""Solved on time, by the register: beside satisfaction, never mixed with it. A count, so without an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.presentation.caseload_units import in_units_of_sector
from analysis.presentation.phrases import share_beside, threshold_words
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph
from analysis.reports.parts.clauses import clause_in_document
from analysis.reports.parts.coverage_table import beside
from analysis.reports.recorded_queries import agency_codes, agency_ids
from analysis.targets.coverage_queries import ON_TIME
from analysis.targets.on_time_queries import OnTime, OnTimeScope, fetch_on_time, summed
from analysis.targets.service import TargetInYear
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import number, percent, sentence_case
from survey.foundation.periods import Period
from survey.foundation.text.vietnamese import sort_key

BY = {"agency": ("Cơ quan, đơn vị", "đơn vị"), "service": ("Dịch vụ, thủ tục", "dịch vụ"), "month": ("Tháng", "tháng")}
NOTE = "Theo {counted} và số trễ hạn do đơn vị gửi; {what} chưa ghi số trễ hạn không nằm trong bảng."
SORTED = " Xếp từ tỷ lệ thấp đến cao."
OF_766 = "Tỷ lệ hồ sơ giải quyết đúng hạn theo cách tính của Quyết định số 766/QĐ-TTg: {share}."
NOT_MEASURED = {
    "an-giang": "Mục III.2.b Quyết định số 930/QĐ-UBND: “giảm 1/3 thời gian giải quyết” không đo ở đây; hệ thống không "
    "lưu số ngày giải quyết của từng hồ sơ."
}


def on_time_words(brief: Brief) -> str:
    """One sentence, beside the province's target where it has one; '' where no caseload says how many were late."""
    rows = on_time(brief)
    if not rows:
        return ""
    whole = summed(rows)
    counted = in_units_of_sector(f"trong {number(whole.dossiers)} hồ sơ có ghi số trễ hạn", _sector(brief))
    return f"Giải quyết đúng hạn theo sổ: {_share(brief, whole)} {counted}{_beside(brief, whole)}."


def on_time_blocks(brief: Brief) -> tuple[Block, ...]:
    """A table by agency, service and month where there are several; of procedures the ratio of 766 and what is left."""
    rows = on_time(brief)
    blocks: list[Block] = [table for by in BY if (table := _table(brief, by))]
    if "administration" not in brief.sectors:
        return tuple(blocks)
    if rows:
        blocks.append(Paragraph(OF_766.format(share=_share(brief, summed(rows)))))
    if missing := NOT_MEASURED.get(brief.province_key):
        blocks.append(Paragraph(missing, style="note"))
    return tuple(blocks)


def _table(brief: Brief, by: str) -> DocumentTable | None:
    rows = _rows(brief, by)
    if len(rows) < 2:  # the sentence has said it
        return None
    (heading, what), sector = BY[by], _sector(brief)
    counted = "số hồ sơ đã giải quyết" if sector in ("", "administration") else in_units_of_sector("số hồ sơ", sector)
    if by != "month":
        rows = sorted(rows, key=lambda row: (row.share or 0.0, sort_key(row.name)))
    columns = (
        Column(heading, 3.6),
        Column(sentence_case(counted), 1.2, "right"),
        Column("Trễ hạn", 1, "right"),
        Column("Đúng hạn", 1, "right"),
    )
    cells = tuple((_name(row, by), number(row.dossiers), number(row.overdue), percent(row.share)) for row in rows)
    caption = brief.captions.table(f"Giải quyết đúng hạn theo {what}, {brief.period.label()}")
    note = NOTE.format(counted=counted, what=what)
    return DocumentTable(caption, columns, cells, note + SORTED * (by != "month"))


def _sector(brief: Brief) -> str:
    """The one that the report is about; '' of several, whose counts are called dossiers together."""
    return brief.sectors[0] if len(brief.sectors) == 1 else ""


def _name(row: OnTime, by: str) -> str:
    return sentence_case(Period.parse(row.code).label()) if by == "month" else row.name


def _beside(brief: Brief, whole: OnTime) -> str:
    """The target on procedures solved on time, set beside dossiers of administrative procedures alone."""
    of = _target(brief)
    if of is None or whole.share is None:
        return ""
    target = of.target
    mark = f"mốc của tỉnh {threshold_words(target.comparator, target.threshold)}"
    return f" ({mark}, {clause_in_document(target)}, chỉ tiêu đến năm {target.due_year})"


def _share(brief: Brief, whole: OnTime) -> str:
    of = _target(brief)
    return share_beside(whole.share, beside(of) if of else None)


def _target(brief: Brief) -> TargetInYear | None:
    of = (standing for standing in brief.targets if standing.target.coverage_of == ON_TIME)
    return next(of, None) if brief.sectors == ("administration",) else None


@once_for_each
def on_time(brief: Brief) -> list[OnTime]:
    """The report's agencies whose caseloads say how many were late; of days that cut a month nothing is known."""
    return [] if brief.period.cut_months else fetch_on_time(_scope(brief))


def _rows(brief: Brief, by: str) -> list[OnTime]:
    return on_time(brief) if by == "agency" or brief.period.cut_months else fetch_on_time(_scope(brief), by)


def on_time_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts with what is needed to count again; none of days that cut a month."""
    if brief.period.cut_months:
        return []
    scope, agencies = _scope(brief), brief.recipient.agencies
    asked = {
        "months": list(scope.months),
        "sectors": list(scope.sectors),
        "agencies": None if agencies is None else agency_codes(agencies),
    }
    return [{**asked, **{f"by_{by}": _plain(_rows(brief, by)) for by in BY}}]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """Stored counts made anew from the database; documents made before 0.2 tell agencies alone."""
    asked = {name: stored[name] for name in ("months", "sectors", "agencies")}
    agencies = None if asked["agencies"] is None else agency_ids(asked["agencies"])
    scope = OnTimeScope(province_id, tuple(asked["months"]), tuple(asked["sectors"]), agencies)
    told = {f"by_{by}": _plain(fetch_on_time(scope, by)) for by in BY if f"by_{by}" in stored}
    return {**asked, **told}


def _scope(brief: Brief) -> OnTimeScope:
    return OnTimeScope(brief.province_id, tuple(brief.period.months), brief.sectors, brief.recipient.agencies)


def _plain(rows: Sequence[OnTime]) -> dict[str, list[int]]:
    return {row.code: [row.dossiers, row.overdue] for row in rows}
