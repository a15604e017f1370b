"""The one-stop shop's work sheet of a month (323/QĐ-UBND II.3): counts of its work on one page, nobody's name."""

from __future__ import annotations

from typing import Any

from analysis.presentation import labels, phrases
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph
from analysis.reports.grounds import work_sheet_ground
from analysis.reports.kiosk_day_queries import KioskScope, count_kiosk_days
from analysis.reports.parts.cases import case_counts, has_all_cases
from analysis.reports.parts.on_time import on_time
from analysis.reports.parts.requirement import founded_on
from analysis.reports.recorded_queries import agency_codes, agency_ids
from analysis.statistics.counts import share_of
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import ABSENT, number, percent
from survey.foundation.periods import Period

NOTE = (
    "Không nêu tên người. Hài lòng: số ước tính gia quyền, khoảng bất định 90 % theo mô hình; dưới 10 phiếu không nêu. "
    "Đúng hạn theo số trễ hạn đơn vị ghi trong sổ. Ngày có kiosk: ngày kiosk của đơn vị nhận ít nhất một phiếu."
)


def sheet(brief: Brief) -> tuple[Block, ...]:
    """One table: dossiers, on time, rated, satisfaction, reported, answered, kiosk days."""
    columns = (Column("Công việc", 2.2), Column("Kết quả", 1.4, "right"))
    rows = (*_dossiers(brief), *_ratings(brief), *_cases(brief), _kiosk(brief))
    caption = brief.captions.table(f"Bảng đánh giá công việc {brief.period.label()}")
    return (
        Paragraph(f"{founded_on(brief, work_sheet_ground(brief.province_key))}:"),
        DocumentTable(caption, columns, rows, NOTE),
        Paragraph("Nhận xét, kế hoạch khắc phục của người phụ trách:", style="lead"),
        *[Paragraph("…" * 30)] * 2,  # lines to write on
    )


def kiosk_days_json(brief: Brief) -> list[dict[str, Any]]:
    """The count with what is needed to count again."""
    asked = {"period": brief.period.code, "until": brief.cut_off.isoformat(), "agencies": _codes(brief)}
    return [{**asked, "days": _days(brief)}]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """A stored count made anew."""
    period = Period.parse(stored["period"], days=True)
    scope = KioskScope(province_id, tuple(period.months), stored["until"], agency_ids(stored["agencies"]))
    return {**stored, "days": count_kiosk_days(scope)}


def _dossiers(brief: Brief) -> list[tuple[str, str]]:
    subject = next(iter(brief.subjects), None)
    handled = ABSENT if subject is None else labels.caseload(brief.ask(subject).total)
    counted, late = sum(row.dossiers for row in on_time(brief)), sum(row.overdue for row in on_time(brief))
    unit = "hồ sơ" if subject is None else brief.caseload_unit(subject)
    timely = (
        f"{percent(share_of(counted - late, counted))} ({number(counted - late)} trong {number(counted)})"
        if counted
        else "chưa ghi số trễ hạn"
    )
    return [(f"Số {unit} đã giải quyết", handled), ("Giải quyết đúng hạn", timely)]


def _ratings(brief: Brief) -> list[tuple[str, str]]:
    rows = []
    for subject in brief.subjects:
        total, name = brief.ask(subject).total, phrases.SHORT_SUBJECTS[subject]
        rows.append((f"Phiếu đánh giá nhận được: {name}", labels.received(total)))
        interval = labels.interval(total)
        within = "" if interval == ABSENT else f" ({interval})"
        rows.append((f"Hài lòng: {name}", f"{labels.value(total)}{within}"))
    return rows


def _cases(brief: Brief) -> list[tuple[str, str]]:
    counts = case_counts(brief)
    if not has_all_cases(brief):
        return [("Phản ánh, kiến nghị tiếp nhận", ABSENT), ("Đã trả lời", ABSENT), ("Quá hạn chưa trả lời", ABSENT)]
    timely = f", trong đó {number(counts.in_time)} đúng hạn"
    return [
        ("Phản ánh, kiến nghị tiếp nhận", number(counts.received)),
        ("Đã trả lời", number(counts.answered) + timely * bool(counts.answered)),
        ("Quá hạn chưa trả lời", number(counts.overdue)),
    ]


def _kiosk(brief: Brief) -> tuple[str, str]:
    return ("Số ngày có kiosk nhận phiếu", number(_days(brief)))


@once_for_each
def _days(brief: Brief) -> int:
    scope = KioskScope(
        brief.province_id,
        tuple(brief.period.months),
        brief.cut_off.isoformat(),
        brief.recipient.agencies or frozenset(),
    )
    return count_kiosk_days(scope)


def _codes(brief: Brief) -> list[str]:
    return agency_codes(brief.recipient.agencies or frozenset())
