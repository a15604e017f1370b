"""For whoever sums up: which authors' reports of the period have come, and what their offices propose themselves."""

from __future__ import annotations

from typing import Any

from analysis.reports.context import SATISFACTION, Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph
from analysis.reports.journal import JournalLine, journal_of, unsent
from analysis.reports.office.queries import fetch_proposals, fetch_records
from analysis.reports.office.service import DAYS
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import ABSENT, date, number
from survey.registry.queries import find_province

MOST_NAMED = 5


def received_words(brief: Brief) -> str:
    """One sentence; '' for other recipients, and where the journal of the period is empty."""
    lines = _lines(brief)
    if not lines:
        return ""
    missing = [line.name for line in unsent(lines)]
    came = f"{number(len(lines) - len(missing))} trong {number(len(lines))} cơ quan, đơn vị đã gửi báo cáo của kỳ"
    if not missing:
        return f"{came}."
    rest = f" và {number(len(missing) - MOST_NAMED)} nơi khác" if len(missing) > MOST_NAMED else ""
    return f"{came}; chưa gửi: {', '.join(missing[:MOST_NAMED])}{rest}."


def received(brief: Brief) -> tuple[Block, ...]:
    """Each author with number and days, those that have not sent first; then what they propose in their own words."""
    lines = _lines(brief)
    if not lines:
        return ()
    columns = (
        Column("Cơ quan, đơn vị", 3.2),
        Column("Số, ký hiệu", 1.4),
        Column("Ngày ký", 1.1, "center"),
        Column("Ngày gửi", 1.1, "center"),
        Column("Sở Nội vụ nhận", 1.2, "center"),
    )
    ordered = sorted(lines, key=lambda line: line.sent)
    caption = brief.captions.table(f"Báo cáo {brief.period.label()} của cơ quan, đơn vị")
    table = DocumentTable(caption, columns, tuple(map(_row, ordered)), "Theo sổ báo cáo vào lúc lập báo cáo này.")
    own = fetch_proposals(brief.province_id, brief.period.code)
    proposed = [
        Paragraph(own[line.recipient].replace("\n", " "), lead=f"{line.name}:")
        for line in lines
        if line.sent and line.recipient in own
    ]
    return (table, *([Paragraph("Các nơi đã gửi kiến nghị:", style="lead"), *proposed] if proposed else []))


def received_json(brief: Brief) -> list[dict[str, Any]]:
    """The journal's days as the report tells them."""
    return [
        {"recipient": line.recipient, "period": brief.period.code, **_days(line.record)}
        for line in _lines(brief)
        if line.record is not None
    ]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """The journal as it is now, of the days the report tells: one that is filled in later contradicts nothing."""
    now = _days(fetch_records(province_id, stored["period"], SATISFACTION).get(stored["recipient"]))
    told = {name: now[name] if stored[name] else None for name in DAYS}
    return {"recipient": stored["recipient"], "period": stored["period"], **told}


@once_for_each
def _lines(brief: Brief) -> list[JournalLine]:
    """The authors of the period; none for other recipients, and where the journal is empty."""
    province = find_province(brief.province_key) if brief.recipient.overview else None
    lines = [] if province is None else journal_of(province, brief.period)
    return lines if any(line.record for line in lines) else []


def _days(record: Any) -> dict[str, str | None]:
    days = {name: getattr(record, name, None) for name in DAYS}
    return {name: day.isoformat() if day else None for name, day in days.items()}


def _row(line: JournalLine) -> tuple[str, ...]:
    record = line.record
    days = [ABSENT if getattr(record, name, None) is None else date(getattr(record, name)) for name in DAYS]
    return (line.name, record.number if record and record.number else ABSENT, *days)
