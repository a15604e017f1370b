"""Part I: what the programmes ask, word for word."""

from __future__ import annotations

import datetime as dt

from analysis.presentation import labels
from analysis.reports.calendar import Deadline, deadlines, own_decision
from analysis.reports.context import Brief
from analysis.reports.document import Block, Paragraph
from analysis.reports.grounds import Ground, duty_of, regime_of
from analysis.targets.service import TargetInYear
from survey.foundation.formatting import date, sentence_case

INTERNAL = "theo chế độ báo cáo nội bộ"


def requirement(brief: Brief) -> tuple[Block, ...]:
    """The reporting duty and every target of the report's subjects with document, clause and quote."""
    shown = [target_in_year for subject in brief.subjects for target_in_year in brief.targets_of(subject)]
    return (*duty(brief), *quoted(shown))


def quoted(shown: list[TargetInYear]) -> tuple[Block, ...]:
    """Targets word for word, those of one clause together; a sentence where there is none."""
    blocks: list[Block] = []
    for (_document, clause, quote), targets in _by_quote(shown).items():
        standing = "; ".join(dict.fromkeys(_standing(target) for target in targets))
        blocks.append(Paragraph(f"Mục {clause} {targets[0].target.short_document} quy định ({standing}):"))
        blocks.append(Paragraph(f"“{quote}”", style="quote"))
        blocks += [
            Paragraph(note, style="note") for note in dict.fromkeys(target.target.note for target in targets) if note
        ]
    if not shown:
        blocks.append(
            Paragraph("Không có chỉ tiêu nào của tỉnh về các nội dung này đang được theo dõi trong năm báo cáo.")
        )
    return tuple(blocks)


def duty(brief: Brief) -> list[Block]:
    """The author's own duty and, beyond a month, the reporting regime; then a deadline inside the period."""
    own, regime = duty_of(brief.province_key, brief.recipient), regime_of(brief.province_key)
    if own is None or regime is None:
        return []
    asked = [own] if brief.period.kind == "month" else [own, regime]
    blocks: list[Block] = []
    for ground in asked:
        blocks += [Paragraph(f"Mục {ground.clause} {ground.document}:"), Paragraph(f"“{ground.quote}”", style="quote")]
    if not own.holds_in(brief.period.year):
        said = f"Văn bản này áp dụng đến hết năm {own.until}; báo cáo lập {rests_on(brief)}."
        blocks.append(Paragraph(said, style="note"))
    return [*blocks, *deadline_words(brief)]


def opening(brief: Brief) -> Paragraph:
    """The first sentence: on which clause the author reports; one whose programme has ended is quoted in the annex."""
    own = duty_of(brief.province_key, brief.recipient)
    return Paragraph(f"{founded_on(brief, own)}, {brief.recipient.name} báo cáo:")


def founded_on(brief: Brief, own: Ground | None) -> str:
    """How a document begins: the clause in force with its words; of an ended one what has followed it."""
    decision = own_decision(brief.province_key, brief.period.year)
    now = f"Thực hiện {decision}" if decision else sentence_case(INTERNAL)
    if own is None:
        return now
    source = f"mục {own.clause} {own.document}"
    if own.holds_in(brief.period.year):
        return f"Thực hiện {source} (“{own.quote}”)"
    return f"{now}, tiếp nối {source} (đến hết năm {own.until})"


def rests_on(brief: Brief) -> str:
    """What a document rests on whose programme has ended: the province's own decision, else the office's regime."""
    decision = own_decision(brief.province_key, brief.period.year)
    return f"theo {decision}" if decision else INTERNAL


def deadline_words(brief: Brief, *, named: bool = False) -> list[Block]:
    """The last good day of a document that is due before its period ends; with the working day before a day off.

    `named`: the words before have said which document sets it.
    """
    for deadline in deadlines(brief.province_key, brief.period.year):
        if deadline.period == brief.period and deadline.kind == brief.kind and deadline.is_early:
            before = date(deadline.last_day + dt.timedelta(days=1))
            source = f", theo {deadline.source}"
            if named:
                source = ""
            elif not deadline.in_force:
                source = f", giữ {INTERNAL} như tại {deadline.source}"
            early = "" if named else " Thời hạn này đến trước khi kỳ kết thúc nên báo cáo có ngày chốt số liệu."
            return [
                Paragraph(
                    f"Thời hạn gửi: trước ngày {before} (ngày cuối cùng còn đúng hạn: {date(deadline.last_day)}"
                    f"{_rest_day(deadline)}){source}.{early}"
                )
            ]
    return []


def _rest_day(deadline: Deadline) -> str:
    if deadline.work_until == deadline.last_day:
        return ""
    return f", là ngày nghỉ, nên việc phải xong trong ngày làm việc {date(deadline.work_until)}"


def _by_quote(targets: list[TargetInYear]) -> dict[tuple[str, str, str], list[TargetInYear]]:
    grouped: dict[tuple[str, str, str], list[TargetInYear]] = {}
    for target in targets:
        grouped.setdefault((target.target.document, target.target.clause, target.target.quote), []).append(target)
    return grouped


def _standing(target_in_year: TargetInYear) -> str:
    status = labels.status(target_in_year.status, target_in_year.target.due_year)
    if target_in_year.target.agency is not None:
        status = f"{status}, của {target_in_year.target.agency.name}"
    return f"{str(labels.target_label(target_in_year.threshold, 'due')).lower()}, {status}"
