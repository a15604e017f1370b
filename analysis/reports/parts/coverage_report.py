"""The coverage report: for each coverage target what was found, level by level, and every unit in an annex."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.presentation import labels
from analysis.presentation.phrases import level_words, share_beside
from analysis.reports.context import Brief
from analysis.reports.document import Annex, Block, Bullets, Column, DocumentTable, Paragraph, Subheading
from analysis.reports.parts.clauses import clause_in_document
from analysis.reports.parts.coverage_table import (
    WHAT,
    beside,
    coverage_targets,
    reach,
    units_of,
    visible,
    well_share,
)
from analysis.reports.parts.method import provenance_line
from analysis.reports.parts.requirement import duty, quoted
from analysis.statistics.counts import share_of
from analysis.targets.coverage_queries import ON_TIME, REGIONAL, Unit, counted
from analysis.targets.service import JudgedTarget, TargetInYear
from survey.foundation.formatting import ABSENT, date, number, percent
from survey.foundation.text.vietnamese import sort_key
from survey.foundation.vocabulary import AGENCY_LEVELS

SHORT = {
    "surveyed_units": "Đơn vị sự nghiệp công được khảo sát",
    "method_defined": "Đơn vị đã xác định phương pháp",
    "one_stop": "Cơ quan thực hiện một cửa",
    ON_TIME: "Hồ sơ giải quyết đúng hạn",
}
STATE = {
    "surveyed_units": ("Đã khảo sát", "Chưa khảo sát"),
    "method_defined": ("Đã xác định", "Chưa xác định"),
    "one_stop": ("Đã thực hiện", "Chưa thực hiện"),
    ON_TIME: ("Đúng hạn", "Trễ hạn"),
}
COUNTED_BY = {
    "surveyed_units": "Được khảo sát: đơn vị sự nghiệp công có từ một phiếu trong năm, tính đến ngày chốt số liệu.",
    "method_defined": "Đã xác định phương pháp: đơn vị đã ghi ngày xác định phương pháp vào hồ sơ đơn vị của hệ thống.",
    "one_stop": "Thực hiện một cửa: cơ quan hành chính đã ghi ngày bắt đầu vào hồ sơ đơn vị của hệ thống.",
    ON_TIME: "Đúng hạn: hồ sơ thủ tục hành chính trừ số trễ hạn, ở nơi và tháng có ghi số trễ hạn, từ đầu năm.",
}
ALL_UNITS = "Tính trên toàn bộ đơn vị đang hoạt động vào ngày chốt số liệu, không phải ước lượng nên không có sai số."
HIDDEN = "Số phiếu của từng đơn vị nêu tròn chục trở xuống; dưới 10 không nêu."
MOST_NAMED, MOST_LETTERS = 12, 300  # names of the text; all of them stand in the annex
LEVELS: dict[str, object] = {"province": AGENCY_LEVELS["province"], REGIONAL: "Khu vực", **AGENCY_LEVELS}


def asked(brief: Brief) -> tuple[Block, ...]:
    """Part I: the reporting duty and every coverage target, word for word."""
    return (*duty(brief), *quoted(coverage_targets(brief)))


def found(brief: Brief) -> tuple[Block, ...]:
    """Part II: all targets at a glance, then each with two sentences, its levels and who is missing."""
    blocks: list[Block] = [*reach(brief)]
    for place, target_in_year in enumerate(coverage_targets(brief), start=1):
        of = target_in_year.target.coverage_of or ""
        units = units_of(brief, target_in_year)
        blocks += [
            Subheading(f"{place}. {SHORT[of]}"),
            Paragraph(_sentences(brief, target_in_year, units), lead="Kết quả:"),
        ]
        if units:
            blocks += [_levels(brief, target_in_year, units), *_missing(of, units)]
    return tuple(blocks)


def counting(brief: Brief) -> tuple[Block, ...]:
    """The last part: how units were counted."""
    kinds = [target_in_year.target.coverage_of or "" for target_in_year in coverage_targets(brief)]
    notes = [COUNTED_BY[of] for of in dict.fromkeys(kinds)]
    day = f"Ngày chốt số liệu: {date(brief.cut_off)}."
    few = [HIDDEN] if "surveyed_units" in kinds else []
    return (Bullets((ALL_UNITS, day, *notes, *few)), provenance_line(brief))


def lists(brief: Brief) -> tuple[Annex, ...]:
    """One annex a target: every unit, those that are missing first."""
    annexes = []
    for target_in_year in coverage_targets(brief):
        of = target_in_year.target.coverage_of or ""
        units = units_of(brief, target_in_year)
        if units:
            caption = brief.captions.table(f"{WHAT[of]}: từng đơn vị")
            annexes.append(Annex("Phụ lục", SHORT[of], (_list(of, units, caption),)))
    return tuple(annexes)


def _sentences(brief: Brief, target_in_year: TargetInYear, units: Sequence[Unit]) -> str:
    target = target_in_year.target
    count = counted(target.coverage_of or "", units)
    judged = JudgedTarget(target_in_year, units=count)
    if judged.coverage_share is None:
        nothing = "hồ sơ nào ghi số trễ hạn" if target.coverage_of == ON_TIME else "đơn vị nào thuộc phạm vi này"
        return f"Đến {date(brief.cut_off)} chưa có {nothing}. Chưa có căn cứ so với chỉ tiêu."
    well, what = "", "hồ sơ" if target.coverage_of == ON_TIME else "đơn vị"
    if count.reached_well is not None:
        well = f"; {number(count.reached_well)} đơn vị ({percent(well_share(count))}) có từ 30 phiếu"
    share = share_beside(float(judged.coverage_share), beside(target_in_year))
    level = level_words(target.comparator, target.threshold)
    standing = labels.status(target_in_year.status, target.due_year)
    return (
        f"Đến hết ngày {date(brief.cut_off)}, {number(count.reached)} trong {number(count.units)} {what} "
        f"({share}) {'đúng hạn' if what == 'hồ sơ' else 'đã đạt'}{well}. "
        f"So với mức {level} ({clause_in_document(target)}; {standing}): "
        f"{'đạt' if judged.coverage_met else 'chưa đạt'}."
    )


def _levels(brief: Brief, target_in_year: TargetInYear, units: Sequence[Unit]) -> DocumentTable:
    of, mark = target_in_year.target.coverage_of or "", beside(target_in_year)
    yes, no = STATE[of]
    columns = (
        Column("Cấp", 2),
        Column("Hồ sơ" if of == ON_TIME else "Đơn vị", 1, "right"),
        Column(yes, 1.2, "right"),
        Column(no, 1.2, "right"),
        Column("Tỷ lệ", 1, "right"),
    )
    rows = []
    for level, name in LEVELS.items():
        if own := [unit for unit in units if unit.level == level]:
            rows.append((str(name), *_counts(of, own, mark)))
    rows.append(("Tổng số", *_counts(of, units, mark)))
    return DocumentTable(brief.captions.table(f"{SHORT[of]} theo cấp"), columns, tuple(rows))


def _counts(of: str, units: Sequence[Unit], mark: Sequence[float]) -> tuple[str, str, str, str]:
    count = counted(of, units)
    share = share_beside(share_of(count.reached, count.units), mark)
    return number(count.units), number(count.reached), number(count.units - count.reached), share


def _missing(of: str, units: Sequence[Unit]) -> list[Block]:
    if of == ON_TIME:
        return []
    missing = sorted((unit.name for unit in units if not unit.reached), key=sort_key)
    if not missing:
        return [Paragraph("Không còn đơn vị nào chưa đạt.")]
    named = [name for place, name in enumerate(missing[:MOST_NAMED]) if len("".join(missing[:place])) < MOST_LETTERS]
    rest = f" và {number(len(missing) - len(named))} đơn vị khác" if len(missing) > len(named) else ""
    return [Paragraph(f"{STATE[of][1]}: {', '.join(named)}{rest} (danh sách đầy đủ ở phụ lục).")]


def _list(of: str, units: Sequence[Unit], caption: str) -> DocumentTable:
    if of == ON_TIME:
        return _dossiers(units, caption)
    surveyed = of == "surveyed_units"
    last = Column("Số phiếu trong năm", 1.2, "right") if surveyed else Column("Từ ngày", 1.2, "center")
    columns = (Column("Đơn vị", 4), Column("Cấp", 1.2), Column("Tình trạng", 1.6), last)
    yes, no = STATE[of]
    ordered = sorted(units, key=lambda unit: (unit.reached, sort_key(unit.name)))
    rows = tuple(
        (
            unit.name,
            str(LEVELS[unit.level]),
            yes if unit.reached else no,
            _answers(unit) if surveyed else _since(unit),
        )
        for unit in ordered
    )
    return DocumentTable(caption, columns, rows)


def _dossiers(units: Sequence[Unit], caption: str) -> DocumentTable:
    columns = (
        Column("Đơn vị", 4),
        Column("Cấp", 1.2),
        Column("Hồ sơ", 1, "right"),
        Column("Trễ hạn", 1, "right"),
        Column("Đúng hạn", 1, "right"),
    )
    solved = sorted(
        ((unit, unit.on_time) for unit in units if unit.on_time),
        key=lambda pair: (pair[1].share or 0.0, sort_key(pair[0].name)),
    )
    rows = tuple(
        (unit.name, str(LEVELS[unit.level]), number(row.dossiers), number(row.overdue), percent(row.share))
        for unit, row in solved
    )
    return DocumentTable(caption, columns, rows, "Xếp từ tỷ lệ đúng hạn thấp đến cao.")


def _answers(unit: Unit) -> str:
    shown = visible(unit)
    if not unit.answers:
        return "0"
    return "dưới 10" if shown is None else f"từ {number(shown)}"


def _since(unit: Unit) -> str:
    return date(unit.since) if unit.reached else ABSENT
