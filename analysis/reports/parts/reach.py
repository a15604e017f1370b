"""The coverage report: units surveyed, units with a method, one-stop shops - counts of all units, nothing estimated."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.queries.coverage import UnitCount, count_units
from analysis.reports import words
from analysis.reports.brief import Brief
from analysis.reports.document import Block, Column, Table
from analysis.reports.parts.requirement import short_document
from analysis.targets.service import JudgedTarget, TargetInYear
from analysis.wording import threshold_words
from survey.foundation.formatting import number, percent

WHAT = {
    "surveyed_units": "Đơn vị sự nghiệp công được khảo sát",
    "method_defined": "Đơn vị, địa phương đã xác định phương pháp thu thập, theo dõi sự chấp nhận của khách hàng",
    "one_stop": "Cơ quan hành chính thực hiện cơ chế một cửa, một cửa liên thông",
}


def reach(brief: Brief) -> tuple[Block, ...]:
    """One row a coverage target of the province, for the department that sums up."""
    targets = coverage_targets(brief)
    if not targets:
        return ()
    columns = (
        Column("Nội dung", 3),
        Column("Mốc", 1.4),
        Column("Đơn vị", 0.8, "right"),
        Column("Đã đạt", 0.8, "right"),
        Column("Tỷ lệ", 0.9, "right"),
        Column("Kết luận", 1.4),
    )
    rows = tuple(_row(brief, one) for one in targets)
    caption = brief.captions.table(f"Các chỉ tiêu về độ bao phủ, năm {brief.period.year}")
    return (Table(caption, columns, rows, _note(brief, targets)),)


def coverage_targets(brief: Brief) -> list[TargetInYear]:
    """The coverage targets this report shows."""
    return [one for one in brief.targets if one.target.kind == "coverage"] if brief.recipient.overview else []


def coverage_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts, with what is needed to count again."""
    return [
        {
            "of": one.target.coverage_of,
            "year": brief.period.year,
            "day": brief.cut_off.isoformat(),
            **vars(_count(brief, one)),
        }
        for one in coverage_targets(brief)
    ]


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """A stored count made anew from the database."""
    day = dt.date.fromisoformat(stored["day"])
    counted = count_units(province_id, stored["of"], stored["year"], day)
    return {"of": stored["of"], "year": stored["year"], "day": stored["day"], **vars(counted)}


def _count(brief: Brief, one: TargetInYear) -> UnitCount:
    return count_units(brief.province_id, one.target.coverage_of or "", brief.period.year, brief.cut_off)


def _row(brief: Brief, one: TargetInYear) -> tuple[str, ...]:
    target = one.target
    judged = JudgedTarget(one, units=_count(brief, one))
    share, met = judged.coverage_share, judged.coverage_met
    name = WHAT.get(target.coverage_of or "", "")
    number_of = short_document(target.document).removeprefix("Quyết định số ").split(" ngày")[0]
    conclusion = "–" if met is None else ("Đạt" if met else "Chưa đạt")
    return (
        name,
        f"{threshold_words(target.comparator, target.threshold)} ({target.clause} {number_of})",
        number(judged.units.units if judged.units else None),
        number(judged.units.reached if judged.units else None),
        percent(None if share is None else float(share)),
        f"{conclusion}; {words.status(one.status, target.due_year)}",
    )


def _note(brief: Brief, targets: list[TargetInYear]) -> str:
    notes = ["Tính trên toàn bộ đơn vị đang hoạt động, không phải ước lượng."]
    for one in targets:
        if one.target.coverage_of == "surveyed_units":
            count = _count(brief, one)
            share = None if not count.units or count.reached_well is None else count.reached_well / count.units
            notes.append(
                "Được khảo sát: có ít nhất một phiếu trong năm; "
                f"có từ 30 phiếu trở lên: {number(count.reached_well)} đơn vị ({percent(share)})."
            )
    return " ".join(notes)
