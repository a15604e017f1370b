"""The coverage report: units surveyed, units with a method, one-stop shops - counts of all units, nothing estimated."""

from __future__ import annotations

import datetime as dt
from typing import Any

from analysis.presentation import labels
from analysis.presentation.phrases import share_beside, threshold_words
from analysis.reports.context import COVERAGE, Brief
from analysis.reports.document import Block, Column, DocumentTable
from analysis.reports.parts.clauses import clause_in_document
from analysis.statistics.counts import share_of
from analysis.statistics.disclosure.primary import hidden_count, tens_below
from analysis.targets.coverage_queries import ON_TIME, Unit, UnitCount, counted, fetch_units
from analysis.targets.service import JudgedTarget, TargetInYear
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import number, percent

WHAT = {
    "surveyed_units": "Đơn vị sự nghiệp công được khảo sát",
    "method_defined": "Đơn vị, địa phương đã xác định phương pháp thu thập, theo dõi sự chấp nhận của khách hàng",
    "one_stop": "Cơ quan hành chính thực hiện cơ chế một cửa, một cửa liên thông",
    "on_time": "Hồ sơ thủ tục hành chính giải quyết đúng hạn",
}


def reach(brief: Brief) -> tuple[Block, ...]:
    """One row a coverage target of the province, for the department that sums up."""
    targets = coverage_targets(brief)
    if not targets:
        return ()
    columns = (
        Column("Nội dung", 2.4),
        Column("Mốc", 1.6),
        Column("Đơn vị", 1.15, "right"),  # or dossiers, by the million
        Column("Đã đạt", 1.15, "right"),
        Column("Tỷ lệ", 0.95, "right"),
        Column("Kết luận", 1.9),
    )
    rows = tuple(_row(brief, target) for target in targets)
    caption = brief.captions.table(f"Các chỉ tiêu về độ bao phủ, năm {brief.period.year}")
    return (DocumentTable(caption, columns, rows, _note(brief, targets)),)


def coverage_targets(brief: Brief) -> list[TargetInYear]:
    """The coverage targets this report shows; that on dossiers only where caseloads say how many were late."""
    if not brief.recipient.overview:
        return []
    targets = [target for target in brief.targets if target.target.kind == "coverage"]
    return [target for target in targets if target.target.coverage_of != ON_TIME or _units(brief, ON_TIME)]


def units_of(brief: Brief, target_in_year: TargetInYear) -> list[Unit]:
    """Every unit a coverage target speaks about, as it stood on the cut-off day."""
    return _units(brief, target_in_year.target.coverage_of or "")


@once_for_each
def _units(brief: Brief, of: str) -> list[Unit]:
    return fetch_units(brief.province_id, of, brief.period.year, brief.cut_off, brief.closed_at)


def coverage_json(brief: Brief) -> list[dict[str, Any]]:
    """The counts, with what is needed to count again; of the coverage report every unit with its own."""
    entries = []
    for target_in_year in coverage_targets(brief):
        asked = {
            "of": target_in_year.target.coverage_of or "",
            "year": brief.period.year,
            "day": brief.cut_off.isoformat(),
            "received_before": brief.closed_at.isoformat() if brief.closed_at else None,
        }
        entries.append(_stored(asked, units_of(brief, target_in_year), each=brief.kind == COVERAGE))
    return entries


def recount(province_id: int, stored: dict[str, Any]) -> dict[str, Any]:
    """A stored count made anew from the database."""
    names = ("of", "year", "day", "received_before")
    asked: dict[str, Any] = {name: stored[name] for name in names if name in stored}
    day, before = dt.date.fromisoformat(stored["day"]), stored.get("received_before")
    moment = dt.datetime.fromisoformat(before) if before else None
    units = fetch_units(province_id, stored["of"], stored["year"], day, moment)
    return _stored(asked, units, each="each" in stored, exact="each_in_tens" not in stored)


def _stored(asked: dict[str, Any], units: list[Unit], *, each: bool, exact: bool = False) -> dict[str, Any]:
    """`exact`: documents made before told how many answers each unit had."""
    counts = {**asked, **vars(counted(asked["of"], units))}
    if not each:
        return counts
    rows = {unit.code: _of_unit(unit, exact=exact) for unit in units}
    return {**counts, **({} if exact else {"each_in_tens": True}), "each": rows}


def _of_unit(unit: Unit, *, exact: bool) -> list[Any]:
    if unit.on_time:
        return [unit.on_time.dossiers, unit.on_time.overdue]
    if exact:
        return [unit.reached, None if unit.answers is None or hidden_count(unit.answers) else unit.answers]
    return [unit.reached, visible(unit)]


def visible(unit: Unit) -> int | None:
    """A unit's answers down to the ten; None where they are fewer.

    The province's total minus all units but one would tell that one; many units stand in no table that tells them.
    """
    return None if unit.answers is None else tens_below(unit.answers) or None


def _count(brief: Brief, target_in_year: TargetInYear) -> UnitCount:
    return counted(target_in_year.target.coverage_of or "", units_of(brief, target_in_year))


def _row(brief: Brief, target_in_year: TargetInYear) -> tuple[str, ...]:
    target = target_in_year.target
    judged = JudgedTarget(target_in_year, units=_count(brief, target_in_year))
    share, met = judged.coverage_share, judged.coverage_met
    name = WHAT.get(target.coverage_of or "", "")
    conclusion = "–" if met is None else ("Đạt" if met else "Chưa đạt")
    return (
        name,
        f"{threshold_words(target.comparator, target.threshold)} ({clause_in_document(target)})",
        number(judged.units.units if judged.units else None),
        number(judged.units.reached if judged.units else None),
        share_beside(None if share is None else float(share), beside(target_in_year)),
        f"{conclusion}; {labels.status(target_in_year.status, target.due_year)}",
    )


def beside(target_in_year: TargetInYear) -> list[float]:
    """The share (0-1) that a coverage target asks: 3,320 of 3,321 are not printed as 100,0 %."""
    return [float(target_in_year.threshold.threshold)]


def _note(brief: Brief, targets: list[TargetInYear]) -> str:
    notes = ["Tính trên toàn bộ đơn vị đang hoạt động, không phải ước lượng."]
    for target in targets:
        if target.target.coverage_of == ON_TIME:
            notes.append("Của hồ sơ đúng hạn, “Đơn vị” là số hồ sơ có ghi số trễ hạn.")
        if target.target.coverage_of == "surveyed_units":
            count = _count(brief, target)
            share = well_share(count)
            notes.append(
                "Được khảo sát: có ít nhất một phiếu trong năm; "
                f"có từ 30 phiếu trở lên: {number(count.reached_well)} đơn vị ({percent(share)})."
            )
    return " ".join(notes)


def well_share(count: UnitCount) -> float | None:
    """The share of units with 30 answers or more."""
    return None if count.reached_well is None else share_of(count.reached_well, count.units)
