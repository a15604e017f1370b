"""What pulls the result down: services and agencies by their share of the gap to the target."""

from __future__ import annotations

from analysis.presentation import labels
from analysis.presentation.gap_contributions import ShownContribution, gap_contributions
from analysis.reports.context import Brief
from analysis.reports.document import Block, Column, DocumentTable, Paragraph
from analysis.reports.parts.breakdowns import NAMES
from survey.foundation.formatting import VISIBLE, distance, percent

MOST = 5
OTHER_BASE = (
    "“‡”: phần làm giảm tính trên các nhóm gia quyền của kết quả chung, nơi nhóm quá ít phiếu được gộp khác với khi "
    "tính riêng dòng này, nên không đúng bằng khối lượng nhân với khoảng cách đến mốc."
)


def drag_blocks(brief: Brief, subject: str) -> list[Block]:
    """At most five services and five agencies whose weight times distance from the mark costs most."""
    estimate = brief.ask(subject).total.estimate
    if estimate is None or estimate.estimate is None:
        return []
    beside = "so với mốc" if brief.main_target(subject) else "so với kết quả chung"
    blocks: list[Block] = []
    for by in ("service",) if brief.recipient.is_single else ("service", "agency"):
        parts = lowering(brief, subject, by)
        if parts:
            blocks.append(_table(brief, by, parts, beside))
    return blocks or [Paragraph(f"Không có dịch vụ, đơn vị nào kéo giảm kết quả {beside}.")]


def lowering(brief: Brief, subject: str, by: str) -> list[ShownContribution]:
    """Parts (``service`` or ``agency``) that cost at least the last printed digit, the dearest first, at most five."""
    estimate = brief.ask(subject).total.estimate
    if estimate is None or estimate.estimate is None:
        return []
    main = brief.main_target(subject)
    level = float(main.threshold.threshold) if main else estimate.estimate
    parts = brief.ask(subject, by=by)
    contributions = gap_contributions(brief.ask(subject), by, level, parts)
    if contributions is None or sum(not figure.suppressed for figure in parts.figures) < 2:
        return []
    chosen = [part for part in contributions.parts if -part.gap >= VISIBLE][:MOST]
    if chosen:
        brief.derived[f"pulling {subject} {by}"] = {part.part: [part.weight, part.gap] for part in chosen}
    return chosen


def _table(brief: Brief, by: str, parts: list[ShownContribution], beside: str) -> DocumentTable:
    columns = (
        Column(NAMES[by], 3.2),
        Column("Làm giảm", 1.1, "right"),
        Column("Khối lượng", 1, "right"),
        Column("Gia quyền", 1, "right", "share"),
        Column(labels.USED, 0.8, "right", "n"),
        Column(labels.RECEIVED, 0.8, "right", "received"),
    )
    rows = tuple(
        (
            part.figure.label,
            distance(part.gap) + "‡" * part.other_base,
            percent(part.weight),
            labels.value(part.figure),
            labels.used(part.figure),
            labels.received(part.figure),
        )
        for part in parts
    )
    what = "dịch vụ" if by == "service" else "đơn vị"
    caption = brief.captions.table(f"Các {what} làm giảm kết quả chung nhiều nhất, {beside}")
    note = OTHER_BASE if any(part.other_base for part in parts) else ""
    return DocumentTable(caption, columns, rows, note, tuple(part.figure.key for part in parts))
