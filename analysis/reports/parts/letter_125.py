"""What letter 125/SNV-CCHC asks beside reports: the satisfaction part of the scoring file, and of next year's plan."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.reports.calendar import index_points
from analysis.reports.context import SATISFACTION, Brief
from analysis.reports.document import Block, Bullets, Column, DocumentTable, Paragraph
from analysis.reports.office.queries import fetch_records_of_year
from analysis.reports.parts.clauses import clause_in_document
from analysis.reports.parts.method import forms_in_words, provenance_line
from analysis.reports.parts.requirement import deadline_words, rests_on
from analysis.targets.service import REFERENCE, TargetInYear, targets_in_force
from survey.foundation.formatting import ABSENT, date, number, sentence_case
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS

CLAUSES = Path(__file__).parents[1] / "letter_125.json"
NO_TARGET = "Đến ngày lập, chưa có chỉ tiêu riêng nào của cơ quan, đơn vị cho năm {year}."


def asked(brief: Brief) -> tuple[Block, ...]:
    """The sentence that asks for it, word for word, where the province has one."""
    own = _clauses().get(brief.province_key)
    if own is None:
        return (Paragraph(f"{sentence_case(rests_on(brief))}, {brief.recipient.name} lập như sau:"),)
    clause = own[brief.kind]
    held = "" if brief.period.year <= own["until"] else f"; sau năm {own['until']} tiếp tục {rests_on(brief)}"
    return (
        Paragraph(f"{own['document']}, mục {clause['clause']}{held}:"),
        Paragraph(f"“{clause['quote']}”", style="quote"),
        *deadline_words(brief, named=True),
    )


def points(brief: Brief) -> tuple[Block, ...]:
    """A row a subject: share, interval, answers and what the share is worth; then the formula."""
    if not brief.subjects:
        return (Paragraph(f"Không có phiếu đánh giá nào trong {labels.within(brief.period)}."),)
    most = index_points(brief.province_key)
    columns = (
        Column("Nội dung", 2.6),
        Column(labels.USED, 0.8, "right", "n"),
        Column(labels.RECEIVED, 0.8, "right", "received"),
        Column("Gia quyền", 1, "right", "share"),
        Column("Khoảng 90 %", 1.4, "center"),
        Column(f"Điểm (tối đa {most})", 1.1, "right"),
        Column("Khoảng điểm", 1.3, "center"),
    )
    figures = [(subject, brief.ask(subject).total) for subject in brief.subjects]
    rows = tuple(_row(brief, subject, total, most) for subject, total in figures)
    caption = brief.captions.table(f"Điểm phần hài lòng năm {brief.period.year}, tính đến {date(brief.cut_off)}")
    formula = (
        f"Công thức: điểm = tỷ lệ hài lòng gia quyền × {most}. Khoảng điểm tính từ hai đầu khoảng bất định 90 % theo "
        "mô hình. Điểm tối đa của phần này do tỉnh quy định; mỗi nội dung tính riêng, không cộng."
    )
    return (DocumentTable(caption, columns, rows, formula, tuple(total.key for _subject, total in figures)),)


def evidence(brief: Brief) -> tuple[Block, ...]:
    """What the points can be checked by: the year's signed reports, the attachment, the forms that were asked."""
    records = fetch_records_of_year(brief.province_id, brief.recipient.key, brief.period.year, SATISFACTION)
    signed = [
        f"Báo cáo số {record.number} ngày {date(record.signed_on)} ({Period.parse(record.period, days=True).label()});"
        for record in records
        if record.signed_on is not None
    ]
    lines = signed or ["Sổ báo cáo của năm chưa ghi báo cáo nào đã ký;"]
    if forms := forms_in_words(brief):
        lines.append(f"Phiếu khảo sát đã dùng: {forms};")
    return (Bullets((*lines[:-1], f"{lines[-1].rstrip(';')}.")), provenance_line(brief))


def aims(brief: Brief) -> tuple[Block, ...]:
    """Every satisfaction target of the coming year that binds the author or agencies below, beside this year so far."""
    year = brief.period.year + 1
    bound = [
        target_in_year
        for target_in_year in targets_in_force(brief.province_key, year)
        if _concerns(brief, target_in_year)
    ]
    own = [target_in_year for target_in_year in bound if target_in_year.target.agency is not None]
    columns = (
        Column("Của ai", 1.7),
        Column("Nội dung", 2.2),
        Column("Chỉ tiêu", 0.9),
        Column("Năm nay đến nay", 1.2, "right"),
        Column("Văn bản", 2.7),
    )
    rows = tuple(_aim(brief, target_in_year) for target_in_year in bound)
    blocks: list[Block] = []
    if rows:
        caption = brief.captions.table(f"Chỉ tiêu về mức độ hài lòng cho năm {year}")
        blocks.append(DocumentTable(caption, columns, rows, "Của tỉnh: mốc trong văn bản của tỉnh đang theo dõi."))
    blocks.append(provenance_line(brief))
    if not own:
        blocks.append(Paragraph(NO_TARGET.format(year=year)))
    return tuple(blocks)


def _row(brief: Brief, subject: str, total: Figure, most: int) -> tuple[str, ...]:
    estimate = total.estimate
    share = None if estimate is None else estimate.estimate
    interval = None if estimate is None else estimate.interval_90
    ends = None if interval is None or share is None else (interval.low * most, interval.high * most)
    gained = None if share is None else share * most
    brief.derived[f"points {subject}"] = [gained, *(ends or (None, None))]
    return (
        str(phrases.SHORT_SUBJECTS[subject]),
        labels.used(total),
        labels.received(total),
        labels.value(total),
        labels.interval(total),
        ABSENT if gained is None else number(gained, 2),
        ABSENT if ends is None else f"{number(ends[0], 2)}-{number(ends[1], 2)}",
    )


def _concerns(brief: Brief, target_in_year: TargetInYear) -> bool:
    target, recipient = target_in_year.target, brief.recipient
    if target.kind != "satisfaction" or target.subject not in SUBJECTS:
        return False
    if recipient.overview:
        return True
    if target.agency_id is not None and recipient.agencies is not None:
        return target.agency_id in recipient.agencies
    return target.subject in recipient.subjects


def _aim(brief: Brief, target_in_year: TargetInYear) -> tuple[str, ...]:
    target = target_in_year.target
    agencies = brief.recipient.agencies if target.agency_id is None else frozenset({target.agency_id})
    now = brief.inquiry.ask(target.subject or "", agencies=agencies, respondent_kinds=target.counted_kinds).total
    return (
        "Của tỉnh" if target.agency is None else target.agency.name,
        str(phrases.SHORT_SUBJECTS[target.subject or ""]),
        phrases.threshold_words(target.comparator, target.threshold),
        labels.value(now),
        f"{sentence_case(clause_in_document(target))}{_ended(target_in_year)}",
    )


def _ended(target_in_year: TargetInYear) -> str:
    """That a target was promised for a year that is over."""
    return f" (đến năm {target_in_year.target.due_year})" if target_in_year.status == REFERENCE else ""


@cache
def _clauses() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(CLAUSES.read_text(encoding="utf-8"))
    return content
