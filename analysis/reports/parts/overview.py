"""The whole province at a glance, for the department that sums up: every target with its figure and verdict."""

from __future__ import annotations

from analysis.figures.figure import Figure
from analysis.presentation import labels, phrases
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable
from analysis.reports.parts.clauses import clause_in_document
from analysis.targets.service import ON_THE_WAY, TargetInYear
from survey.foundation.formatting import sentence_case


def overview_targets(brief: Brief) -> list[TargetInYear]:
    """The targets with a row: none for recipients that do not sum up."""
    if not brief.recipient.overview:
        return []
    return [target for target in brief.targets if target.target.kind == "satisfaction" and target.status != ON_THE_WAY]


def overview(brief: Brief) -> tuple[Block, ...]:
    """One row a satisfaction target that is due or stands as a reference; nothing for other recipients."""
    rows = [_row(brief, target) for target in overview_targets(brief)]
    if not rows:
        return ()
    columns = (
        Column("Nội dung", 2.3),
        Column("Mốc", 1.9),
        Column(labels.USED, 0.8, "right", "n"),
        Column(labels.RECEIVED, 0.8, "right", "received"),
        Column("Gia quyền", 1.05, "right", "share"),
        Column("Khoảng 90 %", 1.6, "center"),
        Column("Kết luận", 1.9),
        Column(labels.OVERTURN, 0.9, "right"),
    )
    caption = brief.captions.table(f"Các chỉ tiêu về mức độ hài lòng của tỉnh, {brief.period.label()}")
    note = (
        "Y tế và giáo dục “tính gộp” là trung bình cộng của hai ngành: lượt khám và học sinh không cộng được với nhau. "
        f"{labels.OF_OVERTURN}"
    )
    keys, cells = zip(*rows, strict=True)
    return (DocumentTable(caption, columns, cells, note, keys),)


def _row(brief: Brief, target_in_year: TargetInYear) -> tuple[str, tuple[str, ...]]:
    """What the row is about (`Figure.key`), and its cells."""
    target = target_in_year.target
    figure: Figure = brief.inquiry.ask(
        target.subject or "", target_in_year.threshold, respondent_kinds=target.counted_kinds
    ).total
    name = labels.SUBJECT[target.subject or ""]
    threshold = phrases.threshold_words(target.comparator, target.threshold)
    mark = f"{threshold} ({clause_in_document(target)})"
    return figure.key, (
        sentence_case(name),
        mark,
        labels.used(figure),
        labels.received(figure),
        labels.value(figure),
        labels.interval(figure),
        labels.verdict(figure),
        labels.overturn(figure),
    )
